-- What a dibao household is due as its grant, by its family's own income: what
-- its covered people lack of the standard, rounded up to the whole yuan; null
-- where income, size or standard is unknown.
--
-- key: household

select
    household,
    greatest(
        0,
        100 * ceil_div(covered * (standard_fen * people * 12 - income_year_fen), people * 1200)
    ) as grant_fen
from normal.dibao_households
where covered is not null and standard_fen is not null and people > 0 and income_year_fen is not null
