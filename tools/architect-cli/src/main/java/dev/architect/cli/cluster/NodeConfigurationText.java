package dev.architect.cli.cluster;

import java.nio.file.Path;

/** Writes the configuration files of the demo: what a user would write for such nodes. */
final class NodeConfigurationText {

    private NodeConfigurationText() {}

    /** The configuration of a node. */
    static String of(ClusterDemoPlan plan, String name, Path folder, String url, String user, Path password) {
        return """
                nodeName: %s
                data: %s
                pool: {minSessions: %d, maxSessions: %d, slotsPerSession: %d}
                providers: {}
                server: {stopTimeout: 5s}
                cluster: {transport: %s}
                """.formatted(
                                name,
                                quoted(folder.resolve(name).toString()),
                                plan.sessions(),
                                plan.sessions(),
                                plan.slotsPerSession(),
                                quoted(plan.transport()))
                + store(url, user, password);
    }

    /** The configuration of the process that observes the nodes. */
    static String operator(String url, String user, Path password) {
        return "providers: {}\n" + store(url, user, password);
    }

    private static String store(String url, String user, Path password) {
        return """
                store:
                  url: %s
                  user: %s
                  passwordFile: %s
                """.formatted(quoted(url), quoted(user), quoted(password.toString()));
    }

    /** In the double quotes of YAML. */
    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
