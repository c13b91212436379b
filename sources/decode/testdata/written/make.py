"""Writes one small made-up roll in every format, by LibreOffice and by libraries
that are not the ones doudi reads with, into the folder this script lies in:

    python3 -m venv venv
    venv/bin/pip install openpyxl xlsxwriter xlwt dbf pandas
    apt-get install libreoffice-calc libreoffice-base-drivers
    venv/bin/python make.py

What is written is committed, so that tests need none of them.
"""

import datetime
import decimal
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
HEADER = ["姓名", "证件号", "金额", "日期", "备注"]
DAY = datetime.date(2026, 11, 20)
ROWS = [
    ["示范人一", "990101195001010011", 610.2, DAY, "第一行\n第二行"],
    ["示范人㐂", "990101196001010021", 100, DAY, ""],
    ["示范 “人”", "99010119700101001X", -7.5, None, "=1+1"],
]


def at(name):
    return os.path.join(HERE, name)


def by_openpyxl():
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "名册"
    sheet["A1"] = "花名册"
    sheet.merge_cells("A1:E1")
    sheet.append(HEADER)
    for row in ROWS:
        sheet.append(row)
        sheet.cell(sheet.max_row, 5).data_type = "s"
        sheet.cell(sheet.max_row, 4).number_format = "yyyy-mm-dd"
    book.create_sheet("说明").sheet_state = "hidden"
    book.save(at("openpyxl.xlsx"))


def by_xlsxwriter():
    import xlsxwriter

    book = xlsxwriter.Workbook(at("xlsxwriter.xlsx"), {"constant_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet("名册")
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.merge_range("A1:E1", "花名册")
    for j, name in enumerate(HEADER):
        sheet.write_string(1, j, name)
    for i, row in enumerate(ROWS):
        sheet.write_string(i + 2, 0, row[0])
        sheet.write_string(i + 2, 1, row[1])
        sheet.write_number(i + 2, 2, row[2])
        if row[3]:
            sheet.write_datetime(i + 2, 3, datetime.datetime.combine(row[3], datetime.time()), day)
        sheet.write_string(i + 2, 4, row[4])
    book.add_worksheet("说明").hide()
    book.close()


def by_xlwt():
    import xlwt

    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("名册")
    day = xlwt.easyxf(num_format_str="YYYY-MM-DD")
    sheet.write_merge(0, 0, 0, 4, "花名册")
    for j, name in enumerate(HEADER):
        sheet.write(1, j, name)
    for i, row in enumerate(ROWS):
        for j, cell in enumerate(row):
            if cell is not None:
                sheet.write(i + 2, j, cell, day if j == 3 else xlwt.easyxf(""))
    book.add_sheet("说明").visibility = 1
    book.save(at("xlwt.xls"))


def by_dbf():
    import dbf

    for name, kind in (("dbf-dbase.dbf", "db3"), ("dbf-foxpro.dbf", "vfp")):
        path = at(name)
        table = dbf.Table(path, "name C(20); id_no C(18); amount N(10,2); day D; note M", dbf_type=kind, codepage="cp936", on_disk=True)
        table.open(dbf.READ_WRITE)
        for row in ROWS:
            cells = {"name": row[0].replace("㐂", "某"), "id_no": row[1], "amount": decimal.Decimal(str(row[2]))}
            if row[3]:
                cells["day"] = row[3]
            if row[4]:
                cells["note"] = row[4] * (1 if kind == "vfp" or row[4] == "=1+1" else 50)  # more than a block
            table.append(cells)
        table.append({"name": "删除", "id_no": "990101198001010031", "note": "gone"})
        dbf.delete(table[-1])
        table.close()


def by_pandas():
    import pandas

    frame = pandas.DataFrame(ROWS, columns=HEADER)
    frame["日期"] = [d.isoformat() if d else "" for d in frame["日期"]]
    frame.to_csv(at("pandas-gb18030.csv"), index=False, encoding="gb18030")
    frame.to_csv(at("pandas-utf16.tsv"), index=False, encoding="utf-16", sep="\t")
    frame.to_html(at("pandas.html.xls"), index=False, encoding="utf-8")
    frame.to_json(at("pandas.jsonl"), orient="records", lines=True, force_ascii=False)


def by_libreoffice():
    """LibreOffice reads a book of the others and writes it in every format it has."""
    with tempfile.TemporaryDirectory() as scratch:
        import openpyxl

        flat = openpyxl.Workbook()  # a table of dBase has no title
        for row in [["name", "id_no", "amount", "day", "note"]] + ROWS:
            flat.active.append([cell if cell != "=1+1" else "1+1" for cell in row])
        flat.active["E2"] = "第一行第二行" * 50  # over 254 bytes: a memo
        flat.save(os.path.join(scratch, "flat.xlsx"))
        for book, out, how in (
            (at("openpyxl.xlsx"), "xlsx", "xlsx:Calc MS Excel 2007 XML"),
            (at("openpyxl.xlsx"), "xls", "xls:MS Excel 97"),
            (at("openpyxl.xlsx"), "html", "html:HTML (StarCalc)"),
            (at("openpyxl.xlsx"), "csv", "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,1"),
            (os.path.join(scratch, "flat.xlsx"), "dbf", "dbf:dBase:76"),  # in UTF-8
            # Of books its transformation dies of too many columns or writes every row of the sheet.
            (at("libreoffice.csv"), "xml", "xml:MS Excel 2003 XML"),
        ):
            made = os.path.join(scratch, "made")
            subprocess.run(
                ["soffice", "--infilter=Text - txt - csv (StarCalc):44,34,76,1,1/2/2/2/3/1/4/5/5/2"][: 2 if book.endswith(".csv") else 1]
                + ["-env:UserInstallation=file://" + scratch + "/profile", "--headless", "--convert-to", how, "--outdir", made, book],
                check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=300)
            files = [f for f in os.listdir(made) if f.endswith("." + out)] if os.path.isdir(made) else []
            if not files:
                sys.exit("LibreOffice wrote no " + out)
            for f in os.listdir(made):
                os.replace(os.path.join(made, f), at("libreoffice" + os.path.splitext(f)[1].lower()))


if __name__ == "__main__":
    by_openpyxl()
    by_xlsxwriter()
    by_xlwt()
    by_dbf()
    by_pandas()
    by_libreoffice()
