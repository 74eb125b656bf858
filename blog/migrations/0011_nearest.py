"""The look-up of duplicates reads less: fewer rows of campaigns, and of a person's other comments the index alone.

It takes the place of blog_alike, which stays for processes of the former version.
"""

from django.db import migrations, models

# The comments that may say the same as another (comments/fingerprints.py). A function, since its plan is made once for
# each connection: else planning would take longer than finding. Who has the same words counts for two with the same but
# for links; that for all bands in common. Where sixteen say the same, those are enough, and no bands are asked for; of a
# pattern that is filled in again and again the likest is one of many. Of a person's others the last before it: what
# comes later is compared with it in turn. Of short texts only a person's own are ever the same. `different` holds the
# texts that a moderator has told it apart from.
NEAREST = """
WITH same AS MATERIALIZED (
    (SELECT comment_id AS id, 32 AS weight FROM blog_fingerprint WHERE "full" = p_full AND version > 0 LIMIT 100)
    UNION ALL
    (SELECT comment_id, 16 FROM blog_fingerprint
     WHERE p_characters >= 40 AND core = p_core AND version > 0 AND characters >= 40 LIMIT 100)
), alike AS (
    SELECT id, weight FROM same
    UNION ALL
    (SELECT b.comment_id, 1 FROM unnest(p_bands) AS wanted (key) JOIN blog_band b USING (key)
     WHERE (SELECT count(*) FROM same) < 32 LIMIT 512)
), found AS (
    (SELECT id FROM alike WHERE id IS DISTINCT FROM p_but GROUP BY id ORDER BY sum(weight) DESC, id
     LIMIT (SELECT CASE WHEN count(*) < 32 THEN 64 ELSE 16 END FROM same))
    UNION
    (SELECT id FROM (
         SELECT id, post_id, parent_id, created_at FROM blog_comment
         WHERE author_key = p_author AND id <= coalesce(p_but, 9223372036854775807) ORDER BY id DESC LIMIT 50
     ) late
     WHERE id IS DISTINCT FROM p_but AND post_id = p_post AND parent_id IS NOT DISTINCT FROM p_parent
       AND created_at BETWEEN p_at - interval '1 day' AND p_at + interval '1 day')
)
SELECT c.id, c.author_key, c.post_id, c.parent_id, c.created_at, c.text, coalesce(u.is_staff, false), c.state, c.number,
       (SELECT array_agg(CASE one WHEN p_full THEN other ELSE one END) FROM blog_different
        WHERE one = p_full OR other = p_full)
FROM found JOIN blog_comment c USING (id) LEFT JOIN auth_user u ON u.id = c.user_id
WHERE c.state <> 'erased' AND (p_characters >= 40 OR c.author_key = p_author) ORDER BY c.created_at, c.id
"""
# A failure ends nobody's transaction, and costs no savepoint: its message comes as a row without a comment.
FIND = f"""
CREATE FUNCTION blog_nearest(p_full bigint, p_core bigint, p_characters int, p_bands bigint[], p_author bytea,
                             p_post bigint, p_parent bigint, p_at timestamptz, p_but bigint)
RETURNS TABLE (id bigint, author_key bytea, post_id bigint, parent_id bigint, created_at timestamptz, text text,
               is_staff boolean, state varchar, number integer, different bigint[])
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY {NEAREST};
EXCEPTION WHEN OTHERS OR query_canceled THEN
    RETURN QUERY SELECT NULL::bigint, NULL::bytea, NULL::bigint, NULL::bigint, NULL::timestamptz, SQLERRM,
                        NULL::boolean, NULL::varchar, NULL::integer, NULL::bigint[];
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("blog", "0010_purges")]

    operations = [
        migrations.RemoveIndex("comment", "comment_of_person"),
        migrations.AddIndex(
            "comment",
            models.Index(
                fields=["author_key", "-id"], include=["post", "parent", "created_at"], name="comment_of_person"
            ),
        ),
        migrations.RunSQL(FIND, "DROP FUNCTION blog_nearest"),
    ]
