package dev.architect.testkit.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.chat.ChatListener;
import dev.architect.model.Capability;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.model.ProviderException;
import dev.architect.model.ProviderHealth;
import dev.architect.model.StopReason;
import dev.architect.simulator.script.SeededRandom;
import dev.architect.spi.ModelProvider;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.ProviderCall;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The checks detect hangs, leaks, excessive allocation and untyped failures. */
@Timeout(60)
class MutatedRepliesTest {

    private static final RecordedReply REPLY =
            new RecordedReply("/chat", "", false, 200, Map.of(), "{\"text\":\"Größe 😀\",\"n\":[1,2,{\"deep\":true}]}");
    private static final RecordedReply STREAM =
            new RecordedReply("/chat", "", true, 200, Map.of(), "data: {\"t\":\"ü\"}\n\nevent: end\ndata: [DONE]\n\n");

    @Test
    void answersAndTypedFailuresPass() {
        run(100, () -> ProviderAnswer.builder("m", "text", StopReason.COMPLETE).build());
        run(100, () -> {
            throw ProviderException.builder(new ModelId("stub", "m"), FailureKind.PROTOCOL)
                    .build();
        });
    }

    @Test
    void otherExceptionsNameTheirSeed() {
        assertThatThrownBy(() -> run(50, () -> {
                    throw new IllegalStateException("oops");
                }))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("-Darchitect.seed=")
                .hasRootCauseMessage("oops");
    }

    @Test
    void rejectsCancelledWithoutACancellation() {
        assertThatThrownBy(() -> run(50, () -> {
                    throw ProviderException.builder(new ModelId("stub", "m"), FailureKind.CANCELLED)
                            .build();
                }))
                .hasStackTraceContaining("without a cancellation");
    }

    @Test
    void hangingNamesItsSeed() {
        CountDownLatch never = new CountDownLatch(1);
        Supplier<ProviderAnswer> hanging = () -> {
            try {
                never.await();
                throw new IllegalStateException("latch is open, expected closed");
            } catch (InterruptedException unexpected) {
                throw new IllegalStateException(unexpected);
            }
        };
        assertThatThrownBy(() -> run(50, hanging, Duration.ofMillis(500)))
                .isInstanceOf(AssertionError.class)
                .hasMessageMatching("seed [0-9]+ hangs; replay with -Darchitect.seed=[0-9]+");
    }

    @Test
    void excessiveAllocationAndLeaksFail() {
        assertThatThrownBy(() -> run(50, () -> answer(new byte[60 << 20])))
                .hasStackTraceContaining("bytes, expected at most 52428800");

        List<byte[]> kept = new ArrayList<>();
        assertThatThrownBy(() -> run(100, () -> {
                    byte[] megabyte = new byte[1 << 20];
                    kept.add(megabyte);
                    return answer(megabyte);
                }))
                .hasMessageContaining("heap grew by");
        assertThat(kept).hasSizeGreaterThan(50);
    }

    @Test
    void theSameSeedMutatesInTheSameWay() {
        Set<String> all = new HashSet<>();
        for (long seed = 1; seed <= 200; seed++) {
            byte[] mutated = new ReplyMutator(new SeededRandom(seed)).mutate(STREAM.body(), REPLY.body());
            assertThat(new ReplyMutator(new SeededRandom(seed)).mutate(STREAM.body(), REPLY.body()))
                    .isEqualTo(mutated);
            all.add(new String(mutated, StandardCharsets.ISO_8859_1));
        }
        assertThat(all).hasSizeGreaterThan(100);
    }

    @Test
    void chunkingLosesNothingAndEquivalentEncodingsKeepTheData() {
        Set<String> encodings = new HashSet<>();
        SeededRandom.forAll(300, random -> {
            String encoded = EquivalentEncoding.randomFor(STREAM, random);
            encodings.add(encoded);
            byte[] bytes = encoded.getBytes(StandardCharsets.UTF_8);
            assertThat(ChunkedInputStream.withRandomChunks(bytes, random).readAllBytes())
                    .isEqualTo(bytes);
            assertThat(encoded.lines().filter(line -> line.startsWith("data:") || line.startsWith("event:")))
                    .containsExactly("data: {\"t\":\"ü\"}", "event: end", "data: [DONE]");
        });
        assertThat(encodings)
                .hasSizeGreaterThan(5)
                .anyMatch(text -> text.contains("\r\n"))
                .anyMatch(text -> text.contains(": ping"));
    }

    private static ProviderAnswer answer(byte[] used) {
        return ProviderAnswer.builder("m", "text" + used.length, StopReason.COMPLETE)
                .build();
    }

    private static void run(int count, Supplier<ProviderAnswer> outcome) {
        run(count, outcome, MutatedReplies.HANGS_AFTER);
    }

    private static void run(int count, Supplier<ProviderAnswer> outcome, Duration hangsAfter) {
        new MutatedReplies(new Stub(outcome), List.of(REPLY, STREAM), new Contract(), hangsAfter)
                .run(count, reply -> {});
    }

    private static final class Contract extends RecordingContract {
        @Override
        protected String folder() {
            return "stub";
        }

        @Override
        protected String model() {
            return "m";
        }

        @Override
        protected ModelProvider open(Supplier<CannedReply> replies) {
            throw new IllegalStateException("contract is run, expected only to be asked");
        }
    }

    private record Stub(Supplier<ProviderAnswer> outcome) implements ModelProvider {
        @Override
        public String name() {
            return "stub";
        }

        @Override
        public Set<Capability> capabilities(String model) {
            return Set.of();
        }

        @Override
        public ProviderAnswer chat(ProviderCall call) {
            return outcome.get();
        }

        @Override
        public ProviderAnswer stream(ProviderCall call, ChatListener listener) {
            return outcome.get();
        }

        @Override
        public ProviderHealth probe() {
            return ProviderHealth.up();
        }

        @Override
        public void close() {}
    }
}
