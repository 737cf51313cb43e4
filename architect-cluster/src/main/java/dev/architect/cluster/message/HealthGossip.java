package dev.architect.cluster.message;

import dev.architect.model.ModelId;
import dev.architect.route.BreakerOrder;
import dev.architect.route.BreakerState;
import dev.architect.route.HealthHint;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a node knows about the health of some of its models.
 *
 * @param hints as many as fit into one message
 */
public record HealthGossip(List<HealthHint> hints) {

    /** Copies the list. */
    public HealthGossip {
        hints = List.copyOf(hints);
    }

    /** Returns the message. */
    public byte[] toMessage(String storeId) {
        ByteWriter content = new ByteWriter().two(hints.size());
        // Each behind its length, so that one which has grown at its end can be read by older nodes.
        for (HealthHint hint : hints) {
            byte[] bytes = bytes(hint);
            content.two(bytes.length).raw(bytes);
        }
        return Envelope.write(MessageType.HEALTH, storeId, content.toBytes());
    }

    /** How many bytes a hint adds to a message. */
    public static int size(HealthHint hint) {
        return 2 + bytes(hint).length;
    }

    private static byte[] bytes(HealthHint hint) {
        ByteWriter writer = new ByteWriter()
                .text(hint.node())
                .text(hint.model().provider())
                .text(hint.model().model())
                .eight(hint.version())
                .one(code(hint.state()))
                .one(hint.order().isPresent() ? 1 : 0);
        hint.order().ifPresent(order -> {
            writer.eight(order.version()).text(order.node()).text(order.reason());
            write(writer, order.at());
            writer.one(order.until().isPresent() ? 1 : 0);
            order.until().ifPresent(until -> write(writer, until));
        });
        return writer.toBytes();
    }

    private static void write(ByteWriter writer, Instant time) {
        writer.eight(time.getEpochSecond()).four(time.getNano());
    }

    /** Reads the content of a message. A hint with a state that is unknown here is left out. */
    public static HealthGossip read(byte[] content) {
        ByteReader reader = new ByteReader(content);
        List<HealthHint> hints = new ArrayList<>();
        for (int left = reader.two(); left > 0; left--) {
            int length = reader.two();
            ByteWriter part = new ByteWriter();
            for (int i = 0; i < length; i++) {
                part.one(reader.one());
            }
            hint(new ByteReader(part.toBytes())).ifPresent(hints::add);
        }
        return new HealthGossip(hints);
    }

    private static Optional<HealthHint> hint(ByteReader reader) {
        try {
            String node = reader.text();
            ModelId model = new ModelId(reader.text(), reader.text());
            long version = reader.eight();
            Optional<BreakerState> state = state(reader.one());
            Optional<BreakerOrder> order = reader.one() == 0 ? Optional.empty() : Optional.of(order(reader));
            return state.map(known -> new HealthHint(node, model, version, known, order));
        } catch (IllegalArgumentException | DateTimeException invalid) {
            throw new UnreadableMessageException("a hint about a model has invalid fields", invalid);
        }
    }

    private static BreakerOrder order(ByteReader reader) {
        long version = reader.eight();
        String node = reader.text();
        String reason = reader.text();
        Instant at = instant(reader);
        Optional<Instant> until = reader.one() == 0 ? Optional.empty() : Optional.of(instant(reader));
        return new BreakerOrder(version, node, at, reason, until);
    }

    private static Instant instant(ByteReader reader) {
        return Instant.ofEpochSecond(reader.eight(), reader.four());
    }

    private static int code(BreakerState state) {
        return switch (state) {
            case CLOSED -> 0;
            case OPEN -> 1;
            case HALF_OPEN -> 2;
        };
    }

    private static Optional<BreakerState> state(int code) {
        return switch (code) {
            case 0 -> Optional.of(BreakerState.CLOSED);
            case 1 -> Optional.of(BreakerState.OPEN);
            case 2 -> Optional.of(BreakerState.HALF_OPEN);
            default -> Optional.empty();
        };
    }
}
