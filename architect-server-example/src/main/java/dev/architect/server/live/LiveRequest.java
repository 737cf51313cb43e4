package dev.architect.server.live;

import dev.architect.change.ChangePosition;
import dev.architect.json.JsonException;
import dev.architect.json.JsonText;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a client sends: one JSON object.
 *
 * @param type what it wants
 * @param id how it calls the subscription; empty where it names none
 * @param topic what it wants to follow; empty where it names nothing
 * @param since what it knows; empty for nothing
 * @param flag {@code items} of a subscription, {@code hidden} of a page
 */
record LiveRequest(Type type, String id, String topic, Optional<ChangePosition> since, boolean flag) {

    /** The most characters of an id or a topic. */
    static final int MAX_NAME = 200;

    /** What a client may want. */
    enum Type {
        SUBSCRIBE,
        UNSUBSCRIBE,
        SEEN
    }

    /**
     * Reads a message.
     *
     * @return empty when it is none that this version knows
     */
    static Optional<LiveRequest> read(String text) {
        try {
            Map<String, @Nullable Object> fields = JsonText.readObject(text);
            String id = text(fields, "id");
            return switch (text(fields, "type")) {
                case "subscribe" ->
                    Optional.of(new LiveRequest(
                            Type.SUBSCRIBE,
                            id,
                            text(fields, "topic"),
                            since(fields.get("since")),
                            !Boolean.FALSE.equals(fields.get("items"))));
                case "unsubscribe" -> Optional.of(new LiveRequest(Type.UNSUBSCRIBE, id, "", Optional.empty(), false));
                case "seen" ->
                    Optional.of(new LiveRequest(
                            Type.SEEN, "", "", Optional.empty(), Boolean.TRUE.equals(fields.get("hidden"))));
                default -> Optional.empty();
            };
        } catch (JsonException notJson) {
            return Optional.empty();
        }
    }

    private static String text(Map<String, @Nullable Object> fields, String name) {
        return fields.get(name) instanceof String text && text.length() <= MAX_NAME ? text : "";
    }

    private static Optional<ChangePosition> since(@Nullable Object since) {
        if (since instanceof Map<?, ?> fields
                && fields.get("era") instanceof String era
                && fields.get("seq") instanceof BigDecimal sequence
                && sequence.signum() >= 0
                && sequence.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) <= 0) {
            return Optional.of(new ChangePosition(era, sequence.longValue()));
        }
        return Optional.empty();
    }

    /** Reads {@code era-seq}, the id of an event. */
    static Optional<ChangePosition> position(@Nullable String text) {
        if (text == null || !text.matches("[0-9a-z]{1,20}-[0-9]{1,18}")) {
            return Optional.empty();
        }
        int dash = text.indexOf('-');
        return Optional.of(new ChangePosition(text.substring(0, dash), Long.parseLong(text.substring(dash + 1))));
    }
}
