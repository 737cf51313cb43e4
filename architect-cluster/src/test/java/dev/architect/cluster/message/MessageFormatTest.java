package dev.architect.cluster.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.model.ModelId;
import dev.architect.route.BreakerOrder;
import dev.architect.route.BreakerState;
import dev.architect.route.HealthHint;
import dev.architect.spi.Store.ChangeKind;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class MessageFormatTest {

    private static final String STORE = "store-ü-1";

    private static final HealthHint HINT = new HealthHint(
            "node-a",
            new ModelId("claude", "opus/4"),
            Long.MAX_VALUE,
            BreakerState.OPEN,
            Optional.of(new BreakerOrder(
                    7,
                    "node-b",
                    Instant.parse("2026-01-02T03:04:05.000000006Z"),
                    "out of credit",
                    Optional.of(Instant.MAX))));

    @Test
    void everyMessageIsReadAsItWasWritten() {
        for (ChangeKind first : ChangeKind.values()) {
            for (ChangeKind second : ChangeKind.values()) {
                Set<ChangeKind> kinds = EnumSet.of(first, second);
                assertThat(ChangeHint.read(content(
                                        new ChangeHint(kinds).toMessage(STORE).orElseThrow(), MessageType.CHANGE))
                                .kinds())
                        .isEqualTo(kinds);
            }
        }
        DocumentHint document = new DocumentHint("routing-policy", Long.MAX_VALUE);
        assertThat(DocumentHint.read(content(document.toMessage(STORE), MessageType.DOCUMENT)))
                .isEqualTo(document);
        Gossip gossip = new Gossip("knoten ü", -5, false, -1, List.of(0, -1, Integer.MIN_VALUE));
        assertThat(Gossip.read(content(gossip.toMessage(STORE), MessageType.GOSSIP)))
                .isEqualTo(gossip);
        HealthHint plain = new HealthHint("n", new ModelId("a", "b"), 0, BreakerState.HALF_OPEN, Optional.empty());
        HealthGossip health = new HealthGossip(List.of(HINT, plain));
        assertThat(HealthGossip.read(content(health.toMessage(STORE), MessageType.HEALTH)))
                .isEqualTo(health);
    }

    private static byte[] content(byte[] message, MessageType type) {
        Envelope envelope = Envelope.read(message);
        assertThat(envelope.storeId()).isEqualTo(STORE);
        assertThat(envelope.isInRange()).isTrue();
        assertThat(envelope.type()).contains(type);
        return envelope.content();
    }

    @Test
    void whatANewerNodeAddsAtTheEndIsPassedOver() {
        byte[] content = content(new DocumentHint("d", 3).toMessage(STORE), MessageType.DOCUMENT);

        assertThat(DocumentHint.read(Arrays.copyOf(content, content.length + 9)))
                .isEqualTo(new DocumentHint("d", 3));
    }

    @Test
    void anUnknownTypeAndAnUnknownVersionAreReadAsSuch() {
        byte[] message = new DocumentHint("d", 3).toMessage(STORE);
        byte[] newType = message.clone();
        newType[2] = (byte) 200;
        byte[] newVersion = message.clone();
        newVersion[1] = 9;

        assertThat(Envelope.read(newType).type()).isEmpty();
        assertThat(Envelope.read(newType).isInRange()).isTrue();
        assertThat(Envelope.read(newVersion).isInRange()).isFalse();
        assertThat(Envelope.read(newVersion).storeId()).isEqualTo(STORE);
        assertThatThrownBy(() -> Envelope.read(new byte[] {1, 1, 1, 0, 0}))
                .isInstanceOf(UnreadableMessageException.class)
                .hasMessage("message begins with 1, expected 167");
    }

    @Test
    void aMessageThatIsCutAnywhereIsUnreadable() {
        List<byte[]> messages = List.of(
                new ChangeHint(Set.of(ChangeKind.CLUSTER)).toMessage(STORE).orElseThrow(),
                new DocumentHint("name", 3).toMessage(STORE),
                new Gossip("n", 1, true, 1, List.of(1, 2)).toMessage(STORE),
                new HealthGossip(List.of(HINT)).toMessage(STORE));
        for (byte[] message : messages) {
            for (int length = 0; length < message.length; length++) {
                byte[] cut = Arrays.copyOf(message, length);
                assertThatThrownBy(() -> readAll(cut)).isInstanceOf(UnreadableMessageException.class);
            }
        }
    }

    @Test
    void randomBytesAreReadOrUnreadable() {
        SplittableRandom random = new SplittableRandom(20261128);
        byte[] base = new HealthGossip(List.of(HINT)).toMessage(STORE);
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = round % 2 == 0 ? base.clone() : new byte[random.nextInt(80)];
            int changes = round % 2 == 0 ? 1 + random.nextInt(3) : bytes.length;
            for (int i = 0; i < changes && bytes.length > 0; i++) {
                bytes[round % 2 == 0 ? random.nextInt(bytes.length) : i] = (byte) random.nextInt(256);
            }
            if (bytes.length > 0) {
                bytes[0] = (byte) 0xA7;
            }
            assertThatCode(() -> {
                        try {
                            readAll(bytes);
                        } catch (UnreadableMessageException expected) {
                            assertThat(expected).hasMessageNotContaining("\n");
                        }
                    })
                    .as("seed 20261128, round %d", round)
                    .doesNotThrowAnyException();
        }
    }

    private static void readAll(byte[] message) {
        Envelope envelope = Envelope.read(message);
        MessageType type = envelope.type().orElse(MessageType.HEALTH);
        Function<byte[], Object> reader = switch (type) {
            case CHANGE -> ChangeHint::read;
            case DOCUMENT -> DocumentHint::read;
            case GOSSIP -> Gossip::read;
            case HEALTH -> HealthGossip::read;
        };
        assertThat(reader.apply(envelope.content())).isNotNull();
    }

    @Test
    void aHundredMembersFitIntoHalfAKilobyte() {
        List<String> members =
                IntStream.range(0, 100).mapToObj(i -> "node-" + i + "-abcdefgh").toList();

        byte[] message = new Gossip("node-1", 1, true, 1, Gossip.checksums(members)).toMessage(STORE);

        assertThat(message.length).isLessThanOrEqualTo(500);
    }
}
