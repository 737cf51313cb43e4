package dev.architect.benchmarks.routing;

import dev.architect.router.learned.RoutingModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What a learned model says of a prompt of {@value #CHARACTERS} characters, another one each time. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class RoutingModelBenchmark {

    static final int CHARACTERS = 500;
    static final String MODEL = "routing.model";
    static final String PROMPTS = "prompts.txt";

    /** The system property that names the folder with the model file and the prompts, one behind the other. */
    static final String FOLDER = "benchmarks.routing.folder";

    @SuppressWarnings("NullAway.Init")
    private RoutingModel model;

    private String[] prompts = {};
    private int next;

    /** Loads the model and the prompts. */
    @Setup
    public void load() throws IOException {
        String folder = System.getProperty(FOLDER);
        model = RoutingModel.load(Path.of(folder, MODEL));
        String text = Files.readString(Path.of(folder, PROMPTS));
        prompts = new String[text.length() / CHARACTERS];
        for (int i = 0; i < prompts.length; i++) {
            prompts[i] = text.substring(i * CHARACTERS, (i + 1) * CHARACTERS);
        }
    }

    /** Says whether the strong model is needed. */
    @Benchmark
    public RoutingModel.Assessment assess() {
        next = next + 1 == prompts.length ? 0 : next + 1;
        return model.assess(prompts[next]);
    }
}
