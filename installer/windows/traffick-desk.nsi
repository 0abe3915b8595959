; Per user, without administrator. Silent: /S, another folder: /D=C:\folder (last, without quotes).
; A version is unpacked beside and moved in whole; only then the pointer "current" changes, by renaming.
; Exit codes: 0 done, 1 stopped by the person, 2 refused or failed; the version before still works.
Target amd64-unicode
Unicode true
SetCompressor /SOLID lzma
SetCompressorDictSize 32
RequestExecutionLevel user
ManifestSupportedOS Win10
ManifestLongPathAware true
ManifestDPIAware true
CRCCheck force
Name "traffick-desk ${VERSION}"
OutFile "${OUT}"
InstallDir "$LOCALAPPDATA\Programs\traffick-desk"
InstallDirRegKey HKCU "Software\traffick-desk" "folder"
Icon "${WORK}\launcher\traffick-desk.ico"
UninstallIcon "${WORK}\launcher\traffick-desk.ico"
BrandingText "traffick-desk ${VERSION}"
ShowInstDetails nevershow
ShowUninstDetails nevershow
!include LogicLib.nsh
!include FileFunc.nsh
!include x64.nsh
!define KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\traffick-desk"
Page directory
Page instfiles
UninstPage uninstConfirm
UninstPage instfiles
LoadLanguageFile "${NSISDIR}\Contrib\Language files\Vietnamese.nlf"
LoadLanguageFile "${NSISDIR}\Contrib\Language files\English.nlf"
VIProductVersion "${VERSION}.${NUMBER}"
VIAddVersionKey /LANG=1066 "ProductName" "traffick-desk"
VIAddVersionKey /LANG=1066 "FileDescription" "traffick-desk"
VIAddVersionKey /LANG=1066 "FileVersion" "${VERSION}"
VIAddVersionKey /LANG=1066 "LegalCopyright" "Apache-2.0"

LangString running 1066 "Chương trình đang mở. Hãy khóa và đóng traffick-desk rồi cài đặt lại. Chưa có gì thay đổi."
LangString running 1033 "The program is open. Please lock and close traffick-desk, then install again. Nothing was changed."
LangString room 1066 "Ổ đĩa không đủ chỗ (cần khoảng 450 MB). Chưa có gì thay đổi; phiên bản đang dùng vẫn chạy được. Hãy dọn bớt rồi cài đặt lại."
LangString room 1033 "There is not enough room on the disk (about 450 MB are needed). Nothing was changed; the version in use still works. Please make room, then install again."
LangString rights 1066 "Không ghi được vào thư mục này. Chưa có gì thay đổi. Hãy chọn thư mục khác, hoặc để nguyên thư mục được đề nghị."
LangString rights 1033 "This folder cannot be written to. Nothing was changed. Please choose another folder, or leave the one proposed."
LangString failed 1066 "Không ghi được hết các tệp (đĩa đầy, hoặc phần mềm diệt vi-rút đang giữ tệp). Phiên bản trước vẫn dùng được; dữ liệu an toàn. Hãy thử lại sau một phút."
LangString failed 1033 "Not all files could be written (disk full, or held by the virus scanner). The version before still works; your data is safe. Please try again in a minute."
LangString bundle 1066 "Gói dữ liệu traffick-desk"
LangString bundle 1033 "traffick-desk bundle"
LangString update 1066 "Bản cập nhật traffick-desk"
LangString update 1033 "traffick-desk update"
LangString older 1066 "Máy này đã có phiên bản mới hơn. Chưa có gì thay đổi."
LangString older 1033 "This PC has a newer version already. Nothing was changed."
LangString bits 1066 "Cần Windows 10 hoặc 11, 64 bit. Chưa có gì thay đổi."
LangString bits 1033 "Windows 10 or 11, 64 bit, is needed. Nothing was changed."
LangString vaults 1066 "Xóa luôn KHO DỮ LIỆU (hồ sơ) trên máy này? Nếu tỉnh chưa nhận, hồ sơ sẽ mất. Thông thường: chọn Không."
LangString vaults 1033 "Delete the VAULT (the cases) on this PC too? What the province has not received would be lost. Usually: No."
LangString again 1066 "Hỏi lại lần cuối: xóa vĩnh viễn mọi hồ sơ trong $LOCALAPPDATA\traffick-desk?"
LangString again 1033 "Asked once more: delete every case in $LOCALAPPDATA\traffick-desk for ever?"

!macro Refuse TEXT
  SetErrorLevel 2
  ; Without a window the reason goes where IT can read it.
  MessageBox MB_OK|MB_ICONEXCLAMATION "${TEXT}" /SD IDOK
  Quit
!macroend

; A program that runs cannot be opened for writing. A scanner's hold passes: ask for some seconds.
!macro RefuseIfRunning
  ${If} ${FileExists} "$INSTDIR\traffick-desk.exe"
    StrCpy $1 0
    ${Do}
      ClearErrors
      FileOpen $0 "$INSTDIR\traffick-desk.exe" a
      ${IfNot} ${Errors}
        FileClose $0
        ${ExitDo}
      ${EndIf}
      IntOp $1 $1 + 1
      ${If} $1 > 6
        !insertmacro Refuse "$(running)"
      ${EndIf}
      Sleep 500
    ${Loop}
  ${EndIf}
!macroend

Function .onInit
  ${IfNot} ${RunningX64}
    !insertmacro Refuse "$(bits)"
  ${EndIf}
FunctionEnd

Section
  !insertmacro RefuseIfRunning
  ; A newer version stays; what is older is for the program's own "go back".
  ClearErrors
  FileOpen $0 "$INSTDIR\current" r
  ${IfNot} ${Errors}
    FileRead $0 $2
    FileClose $0
    IntOp $2 $2 + 0
    ${If} $2 > ${NUMBER}
      !insertmacro Refuse "$(older)"
    ${EndIf}
  ${Else}
    StrCpy $2 0
  ${EndIf}
  ClearErrors
  CreateDirectory "$INSTDIR\versions"
  FileOpen $0 "$INSTDIR\versions\.try" w
  ${If} ${Errors}
    !insertmacro Refuse "$(rights)"
  ${EndIf}
  FileClose $0
  Delete "$INSTDIR\versions\.try"
  ${GetRoot} "$INSTDIR" $0
  ${DriveSpace} "$0\" "/D=F /S=M" $1
  ${IfNot} ${Errors}
  ${AndIf} $1 < 450
    !insertmacro Refuse "$(room)"
  ${EndIf}
  ; Unpacked beside.
  RMDir /r "$INSTDIR\versions\.new"
  ClearErrors
  SetOutPath "$INSTDIR\versions\.new"
  SetOverwrite on
  File /r "${WORK}\versions\${NUMBER}\*"
  SetOutPath "$INSTDIR"
  ${If} ${Errors}
    RMDir /r "$INSTDIR\versions\.new"
    !insertmacro Refuse "$(failed)"
  ${EndIf}
  ; The same version once more: its folder steps aside until the new one stands.
  RMDir /r "$INSTDIR\versions\.old"
  ${If} ${FileExists} "$INSTDIR\versions\${NUMBER}\*.*"
    Rename "$INSTDIR\versions\${NUMBER}" "$INSTDIR\versions\.old"
  ${EndIf}
  StrCpy $1 0
  ${Do}
    ClearErrors
    Rename "$INSTDIR\versions\.new" "$INSTDIR\versions\${NUMBER}"
    ${IfNot} ${Errors}
      ${ExitDo}
    ${EndIf}
    IntOp $1 $1 + 1
    ${If} $1 > 20
      Rename "$INSTDIR\versions\.old" "$INSTDIR\versions\${NUMBER}"
      RMDir /r "$INSTDIR\versions\.new"
      !insertmacro Refuse "$(failed)"
    ${EndIf}
    Sleep 500
  ${Loop}
  RMDir /r "$INSTDIR\versions\.old"
  ClearErrors
  File "${WORK}\launcher\traffick-desk.exe"
  File "${WORK}\launcher\traffick-desk-cli.exe"
  ${If} ${Errors}
    !insertmacro Refuse "$(failed)"
  ${EndIf}
  ${If} $2 > 0
  ${AndIf} $2 <> ${NUMBER}
    FileOpen $0 "$INSTDIR\previous" w
    FileWrite $0 "$2$\n"
    FileClose $0
  ${EndIf}
  FileOpen $0 "$INSTDIR\current.new" w
  FileWrite $0 "${NUMBER}$\n"
  FileClose $0
  ; MoveFileEx with replacing: the old pointer or the new one, never none.
  System::Call 'kernel32::MoveFileExW(w "$INSTDIR\current.new", w "$INSTDIR\current", i 9) i .r0'
  ${If} $0 = 0
    !insertmacro Refuse "$(failed)"
  ${EndIf}
  WriteUninstaller "$INSTDIR\uninstall.exe"
  CreateShortcut "$SMPROGRAMS\traffick-desk.lnk" "$INSTDIR\traffick-desk.exe"
  WriteRegStr HKCU "Software\traffick-desk" "folder" "$INSTDIR"
  WriteRegStr HKCU "${KEY}" "DisplayName" "traffick-desk"
  WriteRegStr HKCU "${KEY}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${KEY}" "DisplayIcon" "$INSTDIR\traffick-desk.exe"
  WriteRegStr HKCU "${KEY}" "Publisher" "traffick-desk"
  WriteRegStr HKCU "${KEY}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${KEY}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${KEY}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${KEY}" "EstimatedSize" ${KB}
  WriteRegDWORD HKCU "${KEY}" "NoModify" 1
  WriteRegDWORD HKCU "${KEY}" "NoRepair" 1
  ; What a bundle and an update are called in the file manager, and that a double-click opens them.
  WriteRegStr HKCU "Software\Classes\traffick-desk.bundle" "" "$(bundle)"
  WriteRegStr HKCU "Software\Classes\traffick-desk.bundle\DefaultIcon" "" "$INSTDIR\traffick-desk.exe,0"
  WriteRegStr HKCU "Software\Classes\traffick-desk.bundle\shell\open\command" "" '"$INSTDIR\traffick-desk.exe" open "%1"'
  ; Other programs may seal files as .age too: we offer ourselves, and take the double-click only
  ; where nobody has it.
  WriteRegStr HKCU "Software\Classes\.age\OpenWithProgids" "traffick-desk.bundle" ""
  ReadRegStr $0 HKCR ".age" ""
  ${If} $0 == ""
    WriteRegStr HKCU "Software\Classes\.age" "" "traffick-desk.bundle"
  ${EndIf}
  WriteRegStr HKCU "Software\Classes\.tdupdate" "" "traffick-desk.update"
  WriteRegStr HKCU "Software\Classes\traffick-desk.update" "" "$(update)"
  WriteRegStr HKCU "Software\Classes\traffick-desk.update\DefaultIcon" "" "$INSTDIR\traffick-desk.exe,0"
  WriteRegStr HKCU "Software\Classes\traffick-desk.update\shell\open\command" "" '"$INSTDIR\traffick-desk.exe" open "%1"'
  System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)'
SectionEnd

Section Uninstall
  !insertmacro RefuseIfRunning
  RMDir /r "$INSTDIR\versions"
  Delete "$INSTDIR\current"
  Delete "$INSTDIR\current.new"
  Delete "$INSTDIR\previous"
  Delete "$INSTDIR\highest"
  Delete "$INSTDIR\traffick-desk.exe"
  Delete "$INSTDIR\traffick-desk-cli.exe"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  Delete "$SMPROGRAMS\traffick-desk.lnk"
  DeleteRegKey HKCU "${KEY}"
  DeleteRegKey HKCU "Software\traffick-desk"
  DeleteRegKey HKCU "Software\Classes\.tdupdate"
  DeleteRegKey HKCU "Software\Classes\traffick-desk.update"
  DeleteRegKey HKCU "Software\Classes\traffick-desk.bundle"
  DeleteRegValue HKCU "Software\Classes\.age\OpenWithProgids" "traffick-desk.bundle"
  DeleteRegKey /ifempty HKCU "Software\Classes\.age\OpenWithProgids"
  ReadRegStr $0 HKCU "Software\Classes\.age" ""
  ${If} $0 == "traffick-desk.bundle"
    DeleteRegValue HKCU "Software\Classes\.age" ""
  ${EndIf}
  DeleteRegKey /ifempty HKCU "Software\Classes\.age"
  System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)'
  ; The vaults stay unless a person says so twice; silent removal never asks and never deletes.
  ${If} ${FileExists} "$LOCALAPPDATA\traffick-desk\*.*"
    MessageBox MB_YESNO|MB_ICONEXCLAMATION|MB_DEFBUTTON2 "$(vaults)" /SD IDNO IDNO kept
    MessageBox MB_YESNO|MB_ICONSTOP|MB_DEFBUTTON2 "$(again)" /SD IDNO IDNO kept
    RMDir /r "$LOCALAPPDATA\traffick-desk"
  ${EndIf}
  kept:
SectionEnd
