package dev.architect.benchmarks.gateway;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A gateway that is started as a process of its own.
 *
 * @param name its name in figures
 * @param version what is measured
 * @param command what starts it, with {@link #PORT} in place of its port
 * @param environment variables of its process besides those of this one
 * @param headers what a request to it has besides the usual
 * @param model the model of a request
 * @param directory where it runs
 */
record GatewayUnderTest(
        String name,
        String version,
        List<String> command,
        Map<String, String> environment,
        Map<String, String> headers,
        String model,
        Path directory) {

    /** Stands for the port in a command. */
    static final String PORT = "{port}";

    GatewayUnderTest {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
        headers = Map.copyOf(headers);
    }

    /** The command that lets it listen on {@code port}. */
    List<String> commandFor(int port) {
        return command.stream()
                .map(part -> part.replace(PORT, Integer.toString(port)))
                .toList();
    }

    /** Returns the same with one more variable. */
    GatewayUnderTest with(String variable, String value) {
        Map<String, String> more = new HashMap<>(environment);
        more.put(variable, value);
        return new GatewayUnderTest(name, version, command, more, headers, model, directory);
    }
}
