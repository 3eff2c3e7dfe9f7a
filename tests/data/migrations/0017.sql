INSERT INTO search_indexed (framework, seq) VALUES ('0199f0a2-0000-7000-8000-000000000022', 0);
