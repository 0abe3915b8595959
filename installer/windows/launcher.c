/* traffick-desk.exe: starts the version that the file "current" names.
 *
 *   <root>\traffick-desk.exe, traffick-desk-cli.exe    this program, twice
 *   <root>\current      number of the version in use; changed by renaming a whole file over it
 *   <root>\previous     number of the version before it
 *   <root>\versions\<n>\runtime\python312.dll, ..\site, ..\app
 *
 * It knows nothing else, so it need not be replaced by an update. Every failure is said in words, in a
 * box or, for the command line, on standard error: whether the data is safe and what to do now.
 * Nothing is loaded from the current folder or from PATH.
 */
#ifndef UNICODE
#define UNICODE
#define _UNICODE
#endif
#define WIN32_LEAN_AND_MEAN
#include <windows.h>
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>

#define LONGEST 32768
typedef int (*python_main)(int, wchar_t **);

static wchar_t root[LONGEST];
#ifdef CONSOLE
#define MODULE L"traffick_desk"
#else
#define MODULE L"traffick_desk.app"
#endif

static const wchar_t *SAFE =
    L"D\u1eef li\u1ec7u c\u1ee7a b\u1ea1n v\u1eabn an to\u00e0n. / Your data is safe.";

/* Say something; with a question, answer whether the person agrees. */
static int tell(const wchar_t *vietnamese, const wchar_t *english, int question) {
    static wchar_t text[LONGEST];
    swprintf(text, LONGEST, L"%ls\n\n%ls\n\n%ls", vietnamese, english, SAFE);
#ifdef CONSOLE
    (void)question;
#else
    /* TRAFFICK_DESK_QUIET: no box, for installers' tests and for IT. */
    if (GetEnvironmentVariableW(L"TRAFFICK_DESK_QUIET", NULL, 0) == 0)
        return MessageBoxW(NULL, text, L"traffick-desk",
                           (question ? MB_YESNO : MB_OK) | MB_ICONWARNING | MB_SETFOREGROUND) == IDYES;
#endif
    char bytes[4096];
    int n = WideCharToMultiByte(CP_UTF8, 0, text, -1, bytes, sizeof bytes, NULL, NULL);
    if (n > 1) { fwrite(bytes, 1, n - 1, stderr); fputc('\n', stderr); }
    return 0;
}

static int there(const wchar_t *path) { return GetFileAttributesW(path) != INVALID_FILE_ATTRIBUTES; }

/* The number in a pointer file: 1 to 9 digits and a line end, nothing else; 0 if it is not so. */
static long pointer(const wchar_t *name) {
    static wchar_t path[LONGEST];
    char data[16] = {0};
    DWORD n = 0;
    long value = 0;
    swprintf(path, LONGEST, L"%ls\\%ls", root, name);
    /* A virus scanner may hold the file for a moment. */
    HANDLE file = INVALID_HANDLE_VALUE;
    for (int attempt = 0; attempt < 20; attempt++) {
        file = CreateFileW(path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_DELETE | FILE_SHARE_WRITE,
                           NULL, OPEN_EXISTING, 0, NULL);
        if (file != INVALID_HANDLE_VALUE || GetLastError() != ERROR_SHARING_VIOLATION) break;
        Sleep(100);
    }
    if (file == INVALID_HANDLE_VALUE) return 0;
    BOOL ok = ReadFile(file, data, sizeof data - 1, &n, NULL);
    CloseHandle(file);
    while (ok && n > 0 && (data[n - 1] == '\n' || data[n - 1] == '\r')) data[--n] = 0;
    if (!ok || n < 1 || n > 9) return 0;
    for (DWORD i = 0; i < n; i++) {
        if (data[i] < '0' || data[i] > '9') return 0;
        value = value * 10 + (data[i] - '0');
    }
    return value;
}

static int whole(long number) {
    static wchar_t path[LONGEST];
    if (number < 1) return 0;
    swprintf(path, LONGEST, L"%ls\\versions\\%ld\\files.json", root, number);
    if (!there(path)) return 0;
    swprintf(path, LONGEST, L"%ls\\versions\\%ld\\runtime\\python312.dll", root, number);
    return there(path);
}

/* Run one version in this process; its exit code, or -1 if it could not even be loaded. */
static int start(long number, int argc, wchar_t **argv) {
    static wchar_t path[LONGEST];
    wchar_t **args = calloc(argc + 5, sizeof *args);
    if (args == NULL) return -1;
    swprintf(path, LONGEST, L"%ls\\versions\\%ld\\runtime\\python312.dll", root, number);
    HMODULE python = LoadLibraryExW(path, NULL,
        LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR | LOAD_LIBRARY_SEARCH_SYSTEM32);
    if (python == NULL) return -1;
    python_main run = (python_main)(void *)GetProcAddress(python, "Py_Main");
    if (run == NULL) return -1;
    int n = 0;
    args[n++] = argv[0];
    args[n++] = L"-Xutf8";
    args[n++] = L"-m";
    args[n++] = MODULE;
    for (int i = 1; i < argc; i++) args[n++] = argv[i];
    return run(n, args);
}

#ifndef CONSOLE
/* The version before runs in a process of its own: this one has the newer libraries loaded. */
static int start_again(long number) {
    static wchar_t self[LONGEST], line[LONGEST];
    wchar_t text[16];
    STARTUPINFOW how = {.cb = sizeof how};
    PROCESS_INFORMATION made;
    swprintf(text, 16, L"%ld", number);
    SetEnvironmentVariableW(L"TRAFFICK_DESK_VERSION", text);
    if (!GetModuleFileNameW(NULL, self, LONGEST)) return -1;
    swprintf(line, LONGEST, L"\"%ls\"", self);
    if (!CreateProcessW(self, line, NULL, NULL, FALSE, 0, NULL, NULL, &how, &made)) return -1;
    CloseHandle(made.hThread);
    CloseHandle(made.hProcess);
    return 0;
}
#endif

int wmain(int argc, wchar_t **argv) {
    wchar_t given[16];
    long number = 0, before;
    int code;

    SetDefaultDllDirectories(LOAD_LIBRARY_SEARCH_SYSTEM32 | LOAD_LIBRARY_SEARCH_USER_DIRS);
    SetDllDirectoryW(L"");
    DWORD length = GetModuleFileNameW(NULL, root, LONGEST);
    wchar_t *slash = length > 0 && length < LONGEST ? wcsrchr(root, L'\\') : NULL;
    if (slash == NULL) {
        tell(L"Kh\u00f4ng t\u00ecm th\u1ea5y th\u01b0 m\u1ee5c ch\u01b0\u01a1ng tr\u00ecnh. H\u00e3y c\u00e0i \u0111\u1eb7t l\u1ea1i.",
             L"The program's folder was not found. Please install it again.", 0);
        return 3;
    }
    *slash = 0;
    SetEnvironmentVariableW(L"TRAFFICK_DESK_HOME", root);
    SetEnvironmentVariableW(L"PYTHONHOME", NULL);
    SetEnvironmentVariableW(L"PYTHONPATH", NULL);
    before = pointer(L"previous");
    /* A version asked for by the launcher itself, once, when a newer one did not start. */
    DWORD n = GetEnvironmentVariableW(L"TRAFFICK_DESK_VERSION", given, 16);
    if (n > 0 && n < 16) number = wcstol(given, NULL, 10);
    if (!whole(number)) number = pointer(L"current");
    if (!whole(number)) {
        if (!whole(before)) {
            tell(L"Ch\u01b0\u01a1ng tr\u00ecnh thi\u1ebfu t\u1ec7p n\u00ean kh\u00f4ng m\u1edf \u0111\u01b0\u1ee3c. H\u00e3y c\u00e0i \u0111\u1eb7t l\u1ea1i t\u1eeb USB c\u1ee7a t\u1ec9nh.",
                 L"Files of the program are missing, so it cannot start. Please install it again from "
                 L"the stick of your province.", 0);
            return 3;
        }
        number = before;
    }
    DWORD begun = GetTickCount();
    code = start(number, argc, argv);
    if (code == -1) {
        tell(L"Ch\u01b0\u01a1ng tr\u00ecnh kh\u00f4ng m\u1edf \u0111\u01b0\u1ee3c: m\u1ed9t t\u1ec7p b\u1ecb h\u1ecfng ho\u1eb7c b\u1ecb ph\u1ea7n m\u1ec1m di\u1ec7t vi-r\u00fat gi\u1eef. H\u00e3y th\u1eed l\u1ea1i sau m\u1ed9t ph\u00fat; n\u1ebfu v\u1eabn th\u1ebf, h\u00e3y c\u00e0i \u0111\u1eb7t l\u1ea1i.",
             L"The program did not start: a file is damaged or held by the virus scanner. Please try again "
             L"in a minute; if it stays so, install it again.", 0);
        code = 3;
    }
#ifndef CONSOLE
    if (code != 0 && before != number && whole(before) && GetTickCount() - begun < 60000) {
        if (tell(L"Phi\u00ean b\u1ea3n m\u1edbi c\u1ee7a ch\u01b0\u01a1ng tr\u00ecnh kh\u00f4ng ch\u1ea1y \u0111\u01b0\u1ee3c tr\u00ean m\u00e1y n\u00e0y. M\u1edf phi\u00ean b\u1ea3n tr\u01b0\u1edbc?",
                 L"The new version of the program does not run on this PC. Start the version before it?", 1))
            code = start_again(before) == 0 ? 0 : code;
    } else if (code != 0) {
        tell(L"Ch\u01b0\u01a1ng tr\u00ecnh \u0111\u00e3 d\u1eebng. H\u00e3y m\u1edf l\u1ea1i; n\u1ebfu v\u1eabn th\u1ebf, h\u00e3y b\u00e1o t\u1ec9nh.",
             L"The program has stopped. Please start it again; if it stays so, tell your province.", 0);
    }
#else
    (void)begun;
#endif
    return code;
}
