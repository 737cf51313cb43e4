package dev.architect.testkit.replay;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.architect.chat.ChatRequest;
import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import dev.architect.simulator.script.SeededRandom;
import dev.architect.spi.ModelProvider;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.ProviderCall;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageSource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * How every provider must read recorded traffic of its vendor, without a network: as the vendor's own client does,
 * for any chunk boundaries, line ends and comments; a truncated stream must be the whole answer
 * or a failure; and mutated bytes an answer or a {@link ProviderException}, within limits of time and memory ({@code -Pslow}
 * mutates a hundred thousand instead of two thousand).
 * An adapter's test extends this class; it lies beside {@code recordings/folder/*.json}, with what the vendor's client read in
 * {@code recordings/expected/folder/}.
 */
public abstract class RecordingContract {

    private static final int SPLITS = 200;
    private static final int TRUNCATIONS = 200;
    private static final int MUTATIONS = 2_000;
    private static final int MUTATIONS_IF_SLOW = 100_000;
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    /** For subclasses. */
    protected RecordingContract() {}

    /** The folder of the vendor's recordings. */
    protected abstract String folder();

    /** A model of the vendor, for recordings that name none. */
    protected abstract String model();

    /** Where the output of the vendor's client has the fields of an answer; not called for recordings without such output. */
    protected RecordingView view() {
        return RecordingView.text("/text");
    }

    /**
     * Opens the adapter. The case closes it.
     *
     * @param replies gives the reply to each call
     */
    protected abstract ModelProvider open(Supplier<CannedReply> replies);

    /** The folder that has the vendor's folder. */
    protected Path recordings() {
        return Path.of("src/test/resources/recordings");
    }

    /** Whether the adapter makes calls of this kind; recordings of other kinds are only mutated. True by default. */
    protected boolean isChat(RecordedReply reply) {
        return true;
    }

    /** Whether the reply is a stream; by default when the body of the request requests one. */
    protected boolean isStreamed(RecordedReply reply) {
        return reply.isStreamed();
    }

    /** The call that stands for the one recorded. */
    protected ProviderCall call(RecordedReply reply) {
        String model = reply.model().isEmpty() ? model() : reply.model();
        return new ProviderCall(model, ChatRequest.of("Hello?"), TIMEOUT);
    }

    @TestFactory
    final Stream<DynamicTest> readsTheSameForAnyChunkBoundaries() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (Path file : files(recordings().resolve(folder()), ".json")) {
            List<RecordedReply> replies = RecordedReply.load(file);
            JsonNode read = expected(file);
            for (int index = 0; index < replies.size(); index++) {
                String name = file.getFileName() + " " + (index + 1);
                tests.addAll(testsOf(name, replies.get(index), read.path(index)));
            }
        }
        for (RecordedReply fixture : fixtures()) {
            tests.addAll(testsOf("fixture " + (tests.size() + 1), fixture, MissingNode.getInstance()));
        }
        assertThat(tests).as("recordings in " + folder()).isNotEmpty();
        return tests.stream();
    }

    @Test
    final void mutatedRepliesAreAnswersOrFailures() throws IOException {
        List<RecordedReply> replies = allReplies();
        int count = Boolean.getBoolean("architect.slow") ? MUTATIONS_IF_SLOW : MUTATIONS;
        NextReply next = new NextReply();
        try (ModelProvider provider = open(next)) {
            new MutatedReplies(provider, replies, this, MutatedReplies.HANGS_AFTER).run(count, next::set);
        }
    }

    private List<DynamicTest> testsOf(String name, RecordedReply reply, JsonNode read) {
        boolean isCall = isChat(reply) && !read.has("skipped") && !read.has("count");
        return isCall ? List.of(DynamicTest.dynamicTest(name, () -> assertSame(reply, read))) : List.of();
    }

    private void assertSame(RecordedReply reply, JsonNode read) {
        NextReply next = new NextReply();
        try (ModelProvider provider = open(next)) {
            next.set(new CannedReply(
                    reply.status(),
                    reply.headers(),
                    new ByteArrayInputStream(reply.body().getBytes(StandardCharsets.UTF_8))));
            Object whole = outcome(provider, reply);
            if (whole instanceof ProviderAnswer answer) {
                assertThat(read.has("error")).as("the vendor's client failed").isFalse();
                if (!read.isMissingNode()) {
                    view().assertSame(answer, read);
                }
            } else if (!read.isMissingNode()) {
                assertThat(whole.toString())
                        .contains("status " + read.at("/error/status").asInt(-1));
            }
            SeededRandom.forAll(SPLITS, random -> {
                byte[] body = EquivalentEncoding.randomFor(reply, random).getBytes(StandardCharsets.UTF_8);
                next.set(CannedReply.split(reply, body, random));
                assertThat(outcome(provider, reply)).isEqualTo(whole);
            });
            if (whole instanceof ProviderAnswer && isStreamed(reply)) {
                assertTruncatedIsNoAnswer(provider, next, reply, whole);
            }
        }
    }

    /** A truncated stream is either the whole answer, when only its last bytes are missing, or a failure. */
    private void assertTruncatedIsNoAnswer(ModelProvider provider, NextReply next, RecordedReply reply, Object whole) {
        byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
        int step = Math.max(1, body.length / TRUNCATIONS);
        int answers = 0;
        for (int length = 0; length < body.length; length += step) {
            next.set(new CannedReply(reply.status(), reply.headers(), new ByteArrayInputStream(body, 0, length)));
            Object truncated = outcome(provider, reply);
            if (truncated instanceof ProviderAnswer answer) {
                assertThat(truncated)
                        .as("stream that was cut after " + length + " bytes")
                        .isEqualTo(answer.usage().isUnknown() ? withoutUsage(whole) : whole);
                answers++;
            } else {
                assertThat(truncated.toString()).contains(FailureKind.PROTOCOL.name(), "status " + reply.status());
            }
        }
        assertThat(answers)
                .as("cuts of " + body.length / step + " that are answers")
                .isLessThan(body.length / step);
    }

    /** With some vendors the counts come after the reason of the end: an answer without them is complete, and its usage is estimated. */
    private static Object withoutUsage(Object whole) {
        if (!(whole instanceof ProviderAnswer answer)) {
            return whole;
        }
        return new ProviderAnswer(
                answer.model(),
                answer.content(),
                answer.stopReason(),
                TokenUsage.UNKNOWN,
                UsageSource.ESTIMATED,
                answer.serviceTier(),
                answer.statedCost(),
                answer.citations(),
                answer.transmission(),
                answer.region(),
                answer.wire());
    }

    /** The answer, or the text of the failure. */
    private Object outcome(ModelProvider provider, RecordedReply reply) {
        try {
            return ReplayRunner.call(provider, call(reply), isStreamed(reply));
        } catch (ProviderException failure) {
            return failure.toString();
        }
    }

    private JsonNode expected(Path file) throws IOException {
        Path expected = recordings().resolve("expected").resolve(folder()).resolve(file.getFileName());
        return Files.exists(expected)
                ? new ObjectMapper().readTree(expected.toFile()).path("oracle")
                : MissingNode.getInstance();
    }

    private List<RecordedReply> allReplies() throws IOException {
        List<RecordedReply> replies = new ArrayList<>(fixtures());
        for (Path file : files(recordings().resolve(folder()), ".json")) {
            replies.addAll(RecordedReply.load(file));
        }
        return replies;
    }

    private List<RecordedReply> fixtures() throws IOException {
        List<RecordedReply> fixtures = new ArrayList<>();
        Path folder = recordings().resolve(folder()).resolve("chunk-fixtures");
        if (Files.isDirectory(folder)) {
            for (Path file : files(folder, ".json")) {
                fixtures.add(RecordedReply.ofBody(file));
            }
            for (Path file : files(folder, ".chunks.txt")) {
                fixtures.add(RecordedReply.ofEvents(file));
            }
        }
        return fixtures;
    }

    private static List<Path> files(Path folder, String end) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(end)).sorted().toList();
        } catch (UncheckedIOException failure) {
            throw failure.getCause();
        }
    }

    /** The reply to the next call. Used by one thread at a time. */
    private static final class NextReply implements Supplier<CannedReply> {
        private volatile CannedReply reply = new CannedReply(500, Map.of(), InputStream.nullInputStream());

        void set(CannedReply next) {
            reply = next;
        }

        @Override
        public CannedReply get() {
            return reply;
        }
    }
}
