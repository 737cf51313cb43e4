package dev.architect.server;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** The version of this build, as Maven wrote it into the jar. */
final class Version {

    private static final String FILE = "/META-INF/maven/dev.architect/architect-server-example/pom.properties";

    private Version() {}

    /** Returns the version, or {@code development} outside a jar. */
    static String current() {
        Properties properties = new Properties();
        try (InputStream stream = Version.class.getResourceAsStream(FILE)) {
            if (stream != null) {
                properties.load(stream);
            }
        } catch (IOException unreadable) {
            return "development";
        }
        return properties.getProperty("version", "development");
    }
}
