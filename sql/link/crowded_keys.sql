-- An ID that more than 16 records of the rolls of households carry, or more
-- than 8 names: an office's own number, or one typed to fill a cell. It says
-- nothing about anybody, and pairing its records would take the night.
--
-- key: id_key

select doubtful_keys.id_key
from link.doubtful_keys
left join link.key_names using (id_key)
group by doubtful_keys.id_key
having max(doubtful_keys.spine_records) > 16 or count(key_names.name_fold) > 8
