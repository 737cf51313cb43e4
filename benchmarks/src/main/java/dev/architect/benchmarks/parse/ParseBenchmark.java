package dev.architect.benchmarks.parse;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What reading an answer costs: from the call of the client's own method to the text and the counts.
 *
 * <p>Every client gets the same bytes from memory through the HTTP interface of that client. Before the measurement each must have read
 * the same text and count, or the run fails. Single calls are timed, because calls during
 * which the machine did something else hardly move their median.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ParseBenchmark {

    /** The wire, and the client that reads it. */
    @Param({
        "openai/architect",
        "openai/openai-java",
        "openai/langchain4j",
        "openai-responses/architect",
        "openai-responses/openai-java",
        "openai-responses/langchain4j",
        "claude/architect",
        "claude/anthropic-java",
        "claude/langchain4j",
        "gemini/architect",
        "gemini/langchain4j",
        "ollama/architect",
        "ollama/langchain4j",
        "anythingllm/architect",
        "perplexity/architect"
    })
    public String row = "openai/architect";

    private ClientUnderTest client = ClientUnderTest.of("architect", WireSample.of("openai"));

    /** Makes the client and checks what it reads. */
    @Setup
    public void prepare() {
        String[] names = row.split("/");
        WireSample wire = WireSample.of(names[0]);
        client = ClientUnderTest.of(names[1], wire);
        check("whole", client.response(), wire.responseText());
        check("stream", client.stream(), wire.streamText());
    }

    /** Reads a whole answer of 1.4 KiB. */
    @Benchmark
    public Object whole() {
        return client.response();
    }

    /** Reads a streamed answer of 200 events. */
    @Benchmark
    public Object stream() {
        return client.stream();
    }

    private void check(String what, ParsedAnswer parsed, String text) {
        if (!parsed.text().equals(text)) {
            throw new IllegalStateException(row + " read " + parsed.text().length() + " characters of the " + what
                    + " answer, expected " + text.length());
        }
        if (parsed.promptTokens() < 1) {
            throw new IllegalStateException(row + " read no count of the " + what + " answer, expected one");
        }
    }
}
