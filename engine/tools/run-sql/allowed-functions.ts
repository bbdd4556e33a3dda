/**
 * Functions a query of `run_sql` may call: pure computation over the rows it reads, and the clock. Everything that reads files or
 * settings, waits, locks, signals, writes, runs SQL from text or talks to another server is absent, and absent means refused.
 * @see https://www.postgresql.org/docs/18/functions.html (2026-11)
 */
const byArea = {
  aggregate: `array_agg avg bit_and bit_or bit_xor bool_and bool_or count every json_agg json_object_agg jsonb_agg jsonb_object_agg max min
    range_agg string_agg sum corr covar_pop covar_samp regr_avgx regr_avgy regr_count regr_intercept regr_r2 regr_slope regr_sxx regr_sxy
    regr_syy stddev stddev_pop stddev_samp variance var_pop var_samp mode percentile_cont percentile_disc any_value range_intersect_agg`,
  window: `row_number rank dense_rank percent_rank cume_dist ntile lag lead first_value last_value nth_value`,
  conditional: `num_nonnulls num_nulls pg_typeof`,
  string: `ascii bit_count bit_length btrim casefold char_length character_length chr concat concat_ws convert_from convert_to decode encode format
    initcap is_normalized left length like_escape lower lpad ltrim md5 normalize octet_length overlay position quote_ident quote_literal quote_nullable
    regexp_count regexp_instr regexp_like regexp_match regexp_matches regexp_replace regexp_split_to_array regexp_split_to_table
    regexp_substr repeat replace reverse right rpad rtrim sha224 sha256 sha384 sha512 similar_to_escape split_part starts_with
    string_to_array string_to_table strpos substr substring text to_hex to_oct to_bin translate unistr upper`,
  math: `abs acos acosd acosh asin asind asinh atan atan2 atan2d atand atanh cbrt ceil ceiling cos cosd cosh cot cotd degrees div erf erfc exp
    factorial float4 float8 floor gamma gcd int2 int4 int8 lcm lgamma ln log log10 min_scale mod numeric pi power radians random random_normal
    round scale sign sin sind sinh sqrt tan tand tanh trim_scale trunc width_bucket`,
  time: `age clock_timestamp date date_add date_bin date_part date_subtract date_trunc extract interval isfinite justify_days justify_hours
    justify_interval make_date make_interval make_time make_timestamp make_timestamptz now overlaps statement_timestamp time timeofday
    timestamp timestamptz timezone to_char to_date to_number to_timestamp transaction_timestamp`,
  json: `array_to_json json_array_elements json_array_elements_text json_array_length json_build_array json_build_object json_each json_each_text
    json_extract_path json_extract_path_text json_object json_object_keys json_populate_record json_populate_recordset json_strip_nulls
    json_to_record json_to_recordset json_typeof jsonb_array_elements jsonb_array_elements_text jsonb_array_length jsonb_build_array
    jsonb_build_object jsonb_each jsonb_each_text jsonb_extract_path jsonb_extract_path_text jsonb_insert jsonb_object jsonb_object_keys
    jsonb_path_exists jsonb_path_match jsonb_path_query jsonb_path_query_array jsonb_path_query_first jsonb_populate_record
    jsonb_populate_recordset jsonb_pretty jsonb_set jsonb_strip_nulls jsonb_to_record jsonb_to_recordset jsonb_typeof row_to_json to_json to_jsonb`,
  array: `array_append array_cat array_dims array_length array_lower array_ndims array_position array_positions array_prepend array_remove
    array_replace array_reverse array_sample array_shuffle array_sort array_to_string array_upper cardinality trim_array unnest`,
  set: `generate_series generate_subscripts`,
  range: `daterange int4range int8range int4multirange int8multirange isempty lower_inc lower_inf multirange nummultirange numrange range_merge datemultirange tsmultirange tsrange tstzmultirange tstzrange upper_inc upper_inf`,
  search: `phraseto_tsquery plainto_tsquery setweight to_tsquery to_tsvector ts_headline ts_rank ts_rank_cd websearch_to_tsquery
    numnode querytree strip tsvector_to_array array_to_tsvector json_to_tsvector jsonb_to_tsvector
    similarity word_similarity strict_word_similarity unaccent levenshtein soundex metaphone dmetaphone cosine_distance inner_product l1_distance l2_distance vector_dims vector_norm`,
  network: `abbrev broadcast family host hostmask masklen netmask network`,
  id: `gen_random_uuid uuidv4 uuidv7 uuid_extract_timestamp uuid_extract_version`,
};

export const allowedFunctions: ReadonlySet<string> = new Set(
  Object.values(byArea).flatMap((names) => names.trim().split(/\s+/)),
);

/**
 * Functions that make a value of any length from a number: the position of that argument, which must be a literal up to
 * {@link maxBoundedLength}. A row cap does not help against one huge value.
 */
export const boundedArguments: ReadonlyMap<string, number> = new Map([['repeat', 1], ['lpad', 1], ['rpad', 1]]);
export const maxBoundedLength = 10_000;
