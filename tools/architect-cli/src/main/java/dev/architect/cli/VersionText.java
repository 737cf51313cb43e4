package dev.architect.cli;

import dev.architect.runtime.BuildVersion;

/** The versions of Architect and of Java, for people. */
final class VersionText {

    private VersionText() {}

    static String[] lines() {
        return new String[] {
            "gaia " + BuildVersion.current(),
            "Java " + System.getProperty("java.version") + ", " + System.getProperty("java.vendor") + ", "
                    + System.getProperty("os.name") + " " + System.getProperty("os.arch")
        };
    }
}
