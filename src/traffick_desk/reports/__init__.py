"""Statistics, charts, spreadsheets and standard exports, made of plain records.

Nothing here reads the vault: ``services.statistics`` hands over rows and gets tables
(``figures``), which become drawings (``charts``), workbooks (``workbook``) and files of
standards (``htcds``, ``ictip``, ``research``). What leaves for people who may not see cases
passes ``disclosure`` first.
"""
