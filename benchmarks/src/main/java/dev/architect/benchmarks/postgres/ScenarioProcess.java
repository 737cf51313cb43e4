package dev.architect.benchmarks.postgres;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.architect.benchmarks.postgres.engine.EngineProcess;
import dev.architect.benchmarks.postgres.engine.GraphileWorkerOnPostgres;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A scenario in a JVM of its own, so that neither compiled code nor the heap of one engine meets another. */
final class ScenarioProcess {

    private static final ObjectMapper JSON = new ObjectMapper();

    private ScenarioProcess() {}

    /**
     * Runs it to its end and returns its figures, which are none for a scenario that only fills in.
     *
     * @throws ScenarioFailedException when the process fails; its errors went to those of this process
     */
    static Map<String, Object> run(Scenario scenario)
            throws IOException, InterruptedException, ScenarioFailedException {
        List<String> command = new ArrayList<>(EngineProcess.jvm(
                Scenario.HEAP_MIB, ScenarioRun.class, scenario.arguments().toArray(String[]::new)));
        command.add(1, GraphileWorkerOnPostgres.jvmArgument());
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Thread ends = new Thread(process::destroyForcibly);
        Runtime.getRuntime().addShutdownHook(ends);
        Optional<String> figures = Optional.empty();
        try (BufferedReader lines = process.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(ScenarioRun.FIGURES)) {
                    figures = Optional.of(line.substring(ScenarioRun.FIGURES.length()));
                }
            }
        }
        int exit = process.waitFor();
        Runtime.getRuntime().removeShutdownHook(ends);
        if (exit != 0 || figures.isEmpty()) {
            throw new ScenarioFailedException(scenario.engine() + " in the case " + scenario.benchmarkCase()
                    + " ended with " + exit + " and " + (figures.isPresent() ? "figures" : "without figures"));
        }
        return JSON.readValue(figures.get(), new TypeReference<>() {});
    }
}
