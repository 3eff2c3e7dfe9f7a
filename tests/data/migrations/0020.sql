-- A card whose words are fixed, and one that grew out of it.
UPDATE concession SET fixed = TRUE WHERE id = '0199f0a2-0000-7000-8000-000000000071';
UPDATE concession SET grew_out_of = '0199f0a2-0000-7000-8000-000000000071', line = '0199f0a2-0000-7000-8000-000000000071',
    opens_at = 1764000006000 WHERE id = '0199f0a2-0000-7000-8000-000000000076';
