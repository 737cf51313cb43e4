package dev.architect.audit;

import dev.architect.check.Check;
import dev.architect.json.JsonText;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/**
 * How the hash of an entry is made: SHA-256 over the 32 bytes of the hash before it and the record as canonical JSON (RFC 8785), in UTF-8.
 * That JSON has the names of the record's components and {@code number}, sorted; times are microseconds since 1970. Without state.
 */
public final class AuditChain {

    /** What stands in place of the hash before the first entry. */
    public static final String START = "0".repeat(64);

    private AuditChain() {}

    /**
     * Returns the hash of a record.
     *
     * @param before the hash of the entry before it, or {@link #START}; 64 hexadecimal digits
     * @param number the place of the record
     */
    public static String hash(String before, long number, AuditRecord record) {
        Check.notNull("before", before);
        Check.notNull("record", record);
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(HexFormat.of().parseHex(before));
            return HexFormat.of()
                    .formatHex(digest.digest(canonical(number, record).getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("SHA-256 is missing, expected it in every JDK", impossible);
        }
    }

    /** Returns the JSON that the hash is made over. */
    public static String canonical(long number, AuditRecord record) {
        Check.notNull("record", record);
        Map<String, Object> fields = new TreeMap<>();
        fields.put("actor", record.actor());
        fields.put("address", record.address());
        fields.put("at", ChronoUnit.MICROS.between(Instant.EPOCH, record.at()));
        fields.put("number", number);
        fields.put("operation", record.operation());
        fields.put("outcome", record.outcome().word());
        fields.put("requestId", record.requestId());
        fields.put("status", record.status());
        fields.put("thing", record.thing());
        return JsonText.write(fields);
    }
}
