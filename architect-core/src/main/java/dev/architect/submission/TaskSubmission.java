package dev.architect.submission;

import dev.architect.check.Check;
import dev.architect.task.TaskRequest;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A task to accept.
 *
 * @param request what to do
 * @param key makes a repetition of the submission accept no second task; empty for one that is always new
 */
public record TaskSubmission(TaskRequest request, Optional<IdempotencyKey> key) {

    /** Checks every field. */
    public TaskSubmission {
        Check.notNull("request", request);
        Check.notNull("key", key);
    }

    /** Returns a submission with a key. */
    public static TaskSubmission of(TaskRequest request, IdempotencyKey key) {
        return new TaskSubmission(request, Optional.of(Check.notNull("key", key)));
    }

    /** Returns a submission that is always new. */
    public static TaskSubmission of(TaskRequest request) {
        return new TaskSubmission(request, Optional.empty());
    }

    /**
     * Returns the SHA-256 digest of the whole request, as 64 hexadecimal digits: two requests have the same one when all their fields
     * are equal. Stores keep it with the key.
     */
    public String requestHash() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(bytes()));
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("SHA-256 is missing, expected in every Java platform", missing);
        }
    }

    /** Every field with its length before it, so that no two requests have the same bytes. Never changed: stores keep the digest. */
    private byte[] bytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            write(out, request.type());
            write(out, request.payload());
            write(out, request.attributes());
            out.writeInt(request.priority().level());
            write(out, request.attribution().project().name());
            out.writeBoolean(request.attribution().user().isPresent());
            write(out, request.attribution().user().orElse(""));
            write(out, request.attribution().tags());
            write(out, request.timeout().toString());
            out.writeInt(request.maxAttempts());
            write(out, request.delay().toString());
        } catch (IOException impossible) {
            throw new UncheckedIOException("an array cannot be written, expected one that grows", impossible);
        }
        return bytes.toByteArray();
    }

    private static void write(DataOutputStream out, Map<String, String> texts) throws IOException {
        out.writeInt(texts.size());
        for (Map.Entry<String, String> text : new TreeMap<>(texts).entrySet()) {
            write(out, text.getKey());
            write(out, text.getValue());
        }
    }

    private static void write(DataOutputStream out, String text) throws IOException {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(encoded.length);
        out.write(encoded);
    }
}
