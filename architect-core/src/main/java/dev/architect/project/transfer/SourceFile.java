package dev.architect.project.transfer;

import dev.architect.check.Check;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A file beside an item, as another program's file holds it.
 *
 * @param place where in the file it stands
 * @param name its file name, without a path
 * @param type the media type that the source says it has; empty when it says nothing
 * @param content its bytes
 */
public record SourceFile(String place, String name, String type, Bytes content) {

    /** Bytes that nobody changes. */
    public static final class Bytes {

        private final byte[] content;

        /** Takes the bytes without a copy; whoever made them leaves them alone. */
        public Bytes(byte[] content) {
            this.content = Check.notNull("content", content);
        }

        /** How many there are. */
        public int size() {
            return content.length;
        }

        /** Returns them in an array of their own. */
        public byte[] copy() {
            return content.clone();
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Bytes bytes && Arrays.equals(content, bytes.content);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(content);
        }

        @Override
        public String toString() {
            return content.length + " bytes";
        }
    }

    /** Checks every field. */
    public SourceFile {
        Check.notNull("place", place);
        Check.notBlank("name", name);
        Check.notNull("type", type);
        Check.notNull("content", content);
    }
}
