package dev.architect.cli;

/** The version that the build wrote into the jar. */
final class Version {

    private Version() {}

    static String[] lines() {
        return new String[] {
            "gaia " + ofArchitect(),
            "Java " + System.getProperty("java.version") + ", " + System.getProperty("java.vendor") + ", "
                    + System.getProperty("os.name") + " " + System.getProperty("os.arch")
        };
    }

    private static String ofArchitect() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "(not packaged)" : version;
    }
}
