package dev.architect.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** The version of this build, as Maven wrote it into the jar. */
public final class BuildVersion {

    private static final String FILE = "/META-INF/maven/dev.architect/architect-runtime/pom.properties";

    private BuildVersion() {}

    /** Returns the version, or {@code development} outside a jar. */
    public static String current() {
        Properties properties = new Properties();
        try (InputStream stream = BuildVersion.class.getResourceAsStream(FILE)) {
            if (stream != null) {
                properties.load(stream);
            }
        } catch (IOException unreadable) {
            return "development";
        }
        return properties.getProperty("version", "development");
    }
}
