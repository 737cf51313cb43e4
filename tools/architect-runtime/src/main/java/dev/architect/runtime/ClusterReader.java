package dev.architect.runtime;

import dev.architect.factory.ClusterTransportFactory;
import dev.architect.factory.FactoryOptions;
import dev.architect.router.yaml.YamlObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Reads the section {@code cluster} of a configuration file and checks it against the transports that are there. */
final class ClusterReader {

    private static final String TRANSPORT = "transport";

    private ClusterReader() {}

    /** Paths are relative to {@code file}. */
    static Optional<ClusterConfiguration> read(Path file, YamlObject cluster) {
        TransportFactories factories = TransportFactories.load();
        String transport = cluster.text(TRANSPORT).orElse(ClusterConfiguration.STORE);
        if (!factories.has(transport)) {
            cluster.problem(TRANSPORT, "is '" + transport + "', " + factories.expected(transport));
            return Optional.empty();
        }
        Optional<ClusterTransportFactory> factory = factories.of(transport);
        List<String> known = new ArrayList<>(List.of(TRANSPORT));
        factory.ifPresent(adapter -> adapter.options().stream().sorted().forEach(known::add));
        cluster.allowOnly(known);
        if (factory.isEmpty()) {
            return Optional.of(new ClusterConfiguration(transport, FactoryOptions.NONE));
        }
        return new OptionCheck(cluster, factory.get()::check, TRANSPORT)
                .accepted(options(file, cluster, factory.get()))
                .map(options -> new ClusterConfiguration(transport, options));
    }

    private static Map<String, String> options(Path file, YamlObject cluster, ClusterTransportFactory factory) {
        Map<String, String> options = new TreeMap<>();
        for (String option : factory.options()) {
            Optional<String> value = factory.fileOptions().contains(option)
                    ? ConfigurationReader.path(file, cluster, option).map(Path::toString)
                    : cluster.text(option);
            value.ifPresent(text -> options.put(option, text));
        }
        return options;
    }
}
