package dev.architect.project;

import dev.architect.check.Check;
import java.util.regex.Pattern;

/**
 * The short name of a project, under which tasks and their cost are filed.
 *
 * @param name 1 to 63 lower-case letters, digits and dashes, starting with a letter or digit
 */
public record ProjectId(String name) {

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

    /** Where work goes that names no project. */
    public static final ProjectId DEFAULT = new ProjectId("default");

    /** Checks the name. */
    public ProjectId {
        if (!NAME.matcher(Check.notNull("project", name)).matches()) {
            throw new IllegalArgumentException("project is '" + name
                    + "', expected 1 to 63 lower-case letters, digits and dashes, starting with a letter or digit");
        }
    }

    /**
     * The virtual shard of everything in this project, 0 to 255: equal names always give the same one, in every version. It is bits 8 to 15
     * of {@code name.hashCode() × 0x9E3779B9}, the golden ratio of 32 bits; ids of stored tasks hold it, so it never changes.
     */
    public int shard() {
        // Hash codes of similar names differ in their low bits only; the multiplication carries that into higher ones.
        return Math.floorMod(name.hashCode() * 0x9E3779B9, 1 << 16) >>> 8;
    }

    @Override
    public String toString() {
        return name;
    }
}
