package dev.architect.project.item;

import dev.architect.check.Check;
import dev.architect.project.PartId;
import dev.architect.project.ProjectId;
import dev.architect.project.Revision;
import dev.architect.project.Versioned;
import java.util.regex.Pattern;

/**
 * A file beside an item; its content is kept by its hash.
 *
 * @param id its id
 * @param project whose item it is
 * @param item the item
 * @param name its file name, 1 to 200 characters, never a path
 * @param type its media type, as its first bytes show
 * @param size in bytes, 1 to {@link #MAX_BYTES}
 * @param sha256 64 hexadecimal digits
 * @param revision who added it
 */
public record Attachment(
        PartId id,
        ProjectId project,
        ItemId item,
        String name,
        String type,
        long size,
        String sha256,
        Revision revision)
        implements Versioned {

    /** The largest content, in bytes. */
    public static final int MAX_BYTES = 25_000_000;

    private static final int MAX_NAME_CHARACTERS = 200;
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

    /** Checks every field. */
    public Attachment {
        Check.notNull("id", id);
        Check.notNull("project", project);
        Check.notNull("item", item);
        Check.atMost("name", Check.notBlank("name", name), MAX_NAME_CHARACTERS);
        if (name.chars().anyMatch(each -> each == '/' || each == '\\' || Character.isISOControl(each))
                || name.equals(".")
                || name.equals("..")) {
            throw new IllegalArgumentException("name is no plain file name, expected one without a path");
        }
        Check.notBlank("type", type);
        if (size < 1 || size > MAX_BYTES) {
            throw new IllegalArgumentException("size is " + size + " bytes, expected 1.." + MAX_BYTES);
        }
        if (!HASH.matcher(Check.notNull("sha256", sha256)).matches()) {
            throw new IllegalArgumentException("sha256 is '" + sha256 + "', expected 64 hexadecimal digits");
        }
        Check.notNull("revision", revision);
    }
}
