"""Three orders, with days as days, in BIFF 8 (of xlwt 1.3) and in OpenDocument (of odfpy 1.4)."""

from __future__ import annotations

import base64
import zlib


def _unpacked(text: str) -> bytes:
    return zlib.decompress(base64.b85decode("".join(text.split())))


XLS = _unpacked(
    r"""
c-rk)OGp%99RGi_4|mtsu4$lwEJ9W$ih1dxTd^fVnr6_0pw^wC7IkNt-
L=P|Eb|xyoeD349lBT%^q>cI>kt@u2!cQhx^xN(I;hj{`|s?wnt=-yDDxZUKi~iLn{U47%)FTn%ud{^nWJTBCkHK>UUKKz1Ws>O@e}-
}DT~>w2d8OcO~LCyN4j0~r1W)>>_ge#bEME+=SxVUk2sH0g1Ys%7W|Lc!*z%VS%)@ALF2HLQ8m}9f@PHD29|d?@+r$*Y`My^4Y9N07)^(|
8+KZw_=r-+zA}=$4>{*OTUw}!Udd5>@tVlQx@fl%iwv$YN3FAjCJ7zdp~W>r>g9Bcd_>`Jb5~dMQDBxT(b<#q-3$_a%g*W-
LEHX+?Sf$cvD9Al2fGKIxZHkSaT1M?d6Fl|7zXvYGc%D77^-
F@=jlFdM5UR@9oB~;u{cIXkD;sSXbPsjR3w#7Vqx!0CexZ4)Z+md(}~1jOf!PIWC?bLksoQ&&PIk3gIZHmA1Vfgo{Xhp!&+b8eq_T2S4vY
6*`FVYZJ{?Eiw+<Ru4ujs`k~X2Gbt?yXUmRO)GMLI)mZ$LPwq9mHu;yVO{F|%OCVJ$=W>8&t{;svfBWm(uKu3T3AT*zew5j@Hp@mLlP<{&
B$u&=+X+*KsDU%Kv%Ji#o48!VvJx@4*7sCdg?*zObA`S2xKAr%CbT85ycOlKFTIay$3BI&p*+<wcfNA!U1);pu#2k5m&YhIibiqshQ#Ag_
A0Cu?gPu}-&Q-
1;<xH<T3d5DEy(!|1XyM?**YSpDOOu$GzT<CPIE$YTFhbvX2HxZD_$_OJEuuz*+tJ#ZvoZ{`aC0T^}{1*dC94)z^O2&$70F!r8lSLb1KaF
oH-kEoQ@SZ9n9&oSRBk*oYQ1}i40cU&}0i-
P^4WxeG_=wl?r+wtA#z}7kp&Hh7B7wY}l}|ejxb0kodjHX}t~0_qrnMzs>^AMf*3&y2U}#ais83xtHR&8g#Cp@w1U!BFiOKnUnorC~+8fH
)w$RxgG-rk6(Nni2UbSb)x_8O`$^XzgS2;|MC5Q0@^wg5C
"""
)
ODS = _unpacked(
    r"""
c-
nPT3pCSh7~dKWk=%)dC_ZW%9}(T?*q2<I$R)SN{%qK$He>FWD5Ov3NG*iihDpe6ix4rNw58ibx==CqT1EM$(|5%Adf)S&_kEu8{+{<d&-
;6RNLz@A0%&C{G(~wO1@BFT3ePJ`T)1#p96+Lk0H~0VV5}dCgeBl%WIP&5KoPM-
C?N#EqX~YYH~>$A5<|`aC^QiR03_tknBqTTs^5Y6+!9(Jz#z~@;Z7t`f&n5l92cB^$x=E2E@LgoOCWI-^%!;#U|eDWR4-
K`k*jL1!enVaic@O|9&7#HLn~AbrtK@3??Uy=PqxV);s+)QGJRm<3!Mf{2A*7%O@-
v<hPbSVi29dQSp;kh)$>(4$!Rz|zBfVnMp7h5>_{cox6)Vg7#z84Kk%ed^mxr=){6zYhZ^gXE)(m5QJr~6JGZpd?W>g&Kp~@zFnRo`R>B~
)HuZuxlkK}4Hb>O|BDOX&rd)k)uP`esVOo+xuO9(VS}BDvwLuqqLJ?esHC=tk^URsHopiF}^~?0*#YbCCG#_lM(XBe+r@aqPjrF0P)iJKn
3rwN2K=U7mF=OC7Z<v8P%j$KO$-
VOzxsD<TxAHzG!>^0swlNnOYz?OtH$8AuUAyb44DlfNP!SU6c_&4whG2(pa)O#NH(V~dkK0sI(Yv{JzD<!ZA)6hJ52Z!Ad4T7LLA;@Du>6
Typ0}<br^!(=Bp__~EdhSp=^a9YYnaBy_YW0Sndw_@Wf(W2m9Ka-J>SB>$Jq*`;@*<DBVSc<c|8Br&tck-zlLlz)1xOWL@=z0l%UNbuAyb
*ry_sU4f2O3=5{U=_ZdICIywruKYnW2*d-
!9@pXSjQCMQf@ZNDt1o^XNUzAsns6CojZyjc;yCsuq@ogdVi%K?=ZgL^1DtV+nbmO2wpT8i{?_A7bp7<R5ex~;1Fz2!61V*+t%S-
mC%~d{@yQ{z$<?7?_g<%^`S+|#J<u3IaAp}vm;})HUtz~B0m~yb?dZXj*J0nl-vB5-
Oft%XE&1qzEW0}#m{4Z)&3U!w5d(0vhTcj@*oTjEtT39?6ypP{Hy*MCW8Jnw{Ih;~ddms<Q4qN-
>T<S>VxX_y2@UuYx66yz)Gg*vwxD+BRukZsWC40M=LNUs+65iJKj@B%bVy-6<OE~6KmgQ}T?%$hV6*X275NR`ospL2VzyY?LPI-
`ZslLUeDHpgcC(ocEY|!=D4N5)s9;6JCzWXN%okP<qxvS3>KUvpjQ&N2-vEAxwXd<V2dgi?^?m;rcNBi-
|Nepz!tMJLx=tH#T;Pv$3sFxj56ft@AfsO(%weZf~Jih9tj}?|Y@XM&#ONIsV{_cX*<=$=IpN{yc^uu<~Q}mNP=A$Ks8^~5x5C^pyF9Nx{
uuqxNlNL*0s$98OO;aSSEk^i(K$eV<|H}{%NKxpuw|2JNZR3D|;ZS(2KS2D^2~|}4zz(=fl3;(*Y?lF#&p2=P?5zkNT*7Hodbb&St*fD0N
3IgNQJ)m>M!*uNq)V4pxcnm;o$=W21$$=51k<R<iE?<c$ZLw_J9L*OifIQ(bxvv6zp*<-
&fC#l?!`hWB}nzfb+w)Ub7DZ8?V6tKR_<?D%$hyxN-w6~Mw`ezx@EJNA*n%cCMzA(8A(Rw#^igC-
c_C%6m$3Fw0F4fzE(GDZaYMgas*}JS)3B|(dt7U-}GwDxZTmE{^d9SR&6y|d`5Skj>|4r=Y4Z4${65|`EEBW)p-!zl_q=GL8Es-tCOSIo^
XWkmY?I1tmX23hk4bjoS5aiSssVWxy#KZ_ZW3sWB0v!ZHlx7Z%}~zUUL5%H{wCR2=FTE|3!5b<-
A5>*W=bp)+!DPUL#=Zf$NFC3e<wEw!wPTdWQV+oXBtZg0vMCTe%`CoSH)DY0(wyU*VC_n*
"""
)
