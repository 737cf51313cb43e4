package dev.architect.task;

import dev.architect.check.Check;
import dev.architect.project.ProjectId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/**
 * How many tasks of a project that have the same {@linkplain TaskOptions#limitKey limit key} may be ready or run at once.
 *
 * @param key 1 to 255 characters, not all of them blank
 * @param maxRunning at least 1
 */
public record KeyLimit(ProjectId project, String key, int maxRunning) {

    /** The limit of keys that have none of their own. */
    public static final int DEFAULT = 1;

    private static final int MAX_CHARACTERS = 255;

    /** Checks every field. */
    public KeyLimit {
        Check.notNull("project", project);
        Check.atMost("key", Check.notBlank("key", key), MAX_CHARACTERS);
        Check.range("maxRunning", maxRunning, 1, Integer.MAX_VALUE);
    }

    /** Returns the number that stores keep for a key: the same one everywhere and at any time. */
    public static long numberOf(ProjectId project, String key) {
        Check.notNull("project", project);
        Check.notNull("key", key);
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(project.name().getBytes(StandardCharsets.UTF_8));
            // No name of a project has it.
            digest.update((byte) 0);
            // As UTF-16, which tells every two keys apart.
            return ByteBuffer.wrap(digest.digest(key.getBytes(StandardCharsets.UTF_16BE)))
                    .getLong();
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("this Java has no SHA-256, expected every one to have it", missing);
        }
    }

    /** Returns the number of the limit key of a request, null when it has none. */
    public static @Nullable Long numberOrNull(TaskRequest request) {
        Check.notNull("request", request);
        return request.options()
                .limitKey()
                .map(key -> numberOf(request.attribution().project(), key))
                .orElse(null);
    }
}
