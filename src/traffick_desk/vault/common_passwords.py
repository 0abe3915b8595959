"""What people in Viet Nam choose first when asked for a password, without marks, most likely first.

Our own list, from the keyboard, the calendar, the family, the office and the
songs; ``zxcvbn`` brings the English ones. Telex spellings are there because a
password box often switches the Vietnamese typing tool off.
"""

from __future__ import annotations

_CHOSEN = """
matkhau anhyeuem emyeuanh yeuem yeuanh anhnhoem emnhoanh vietnam 123456 12345678 123456789
matkhaucuatoi matkhaumoi khongbiet khongco toiyeuvietnam vietnamvodich chucmungnammoi hanhphuc
giadinh conyeu yeucon yeume yeubo bome conyeume meyeucon boyeucon chongyeu voyeu emyeu anhyeu
tinhyeu maimai maimaiyeuem motminh codon hoathinh hoabinh doclaptudohanhphuc doclap tudo bacho
hochiminh hanoi saigon tphcm thudo langson hagiang caobang laocai laichau dienbien sonla
quangninh bacgiang bacninh thainguyen tuyenquang phutho vinhphuc hoabinh ninhbinh namdinh hanam
thaibinh haiphong haiduong hungyen thanhhoa nghean hatinh quangbinh quangtri hue thuathienhue
danang quangnam quangngai binhdinh phuyen khanhhoa ninhthuan binhthuan kontum gialai daklak
daknong lamdong tayninh binhduong binhphuoc dongnai baria vungtau longan tiengiang bentre
travinh vinhlong dongthap angiang kiengiang cantho haugiang soctrang baclieu camau dongvan
meovac nguyen tran le pham hoang huynh phan vu vo dang bui do ho ngo duong ly thi van minh anh
tuan hung dung hai nam long linh lan hoa huong thao trang thu ha mai hanh nga hang phuong thuy
thanh tam tien tung son quang khanh duc dat hieu huy khoa kien kiet lam loc phong phuc quan quoc
sang tai thang thien thinh tho toan tri trung truong tu viet vinh yen ngoc nhung nhu oanh quynh
van ai ubnd ubndxa ubndphuong uybannhandan xa phuong huyen tinh thon xom ban to canbo vanphong
hanhchinh congan congantinh bienphong donbienphong bodoi quandoi soyte yte tramyte phunu
hoiphunu doanthanhnien thanhnien congdoan treem baovetreem laodong thuongbinhxahoi xahoi tuphap
chutich phochutich bithu ketoan vanthu nhanvien giamdoc quantri quantrivien hethong maytinh
mayvanphong dienthoai facebook zalo gmail internet mang wifi nhanuoc nhadat nannhan muabannguoi
phongchong tiepnhan hoso vuviec bimat baomat antoan khoa kho dulieu conmeo concho conga conheo
conlon conbo contrau conrong conho hoasen hoahong hoadao hoamai mattroi mattrang bautroi
bienxanh nuidoi dongsong quehuong langque nhatoi nhaminh xinchao chaoban chaoem camon xinloi
tambiet banbe banthan congchua hoangtu thienthan bongda barca realmadrid thegioi cuocsong
cuocdoi thanhcong mayman phattai phatloc tailoc locphat vanan binhan suckhoe namquocsonhanamdecu
tienquanca motconvitxoehaicaicanh bacbaphi trongdongtien qwerty asdfgh zxcvbn qwertyuiop
1q2w3e4r 1qaz2wsx qazwsx abc123 a123456 123123 123321 111111 000000 666666 888888 999999 686868
868686 797979 393939 363636 112233 102030 112358 456789 987654321 0123456789 19001001 02091945
2091945 30041975 3041975 19121946 07051954 22121944 01051975 08031910 20111982 19051890 03021930
26031931 27071947 18001111 113 114 115 maatjkhaaur matajkhaur anhyeeuem emyeeuanh vieetjnam
vietjnam hanooij conmeof
"""


def common() -> tuple[str, ...]:
    """The list, without duplicates, in order."""
    return tuple(dict.fromkeys(_CHOSEN.split()))
