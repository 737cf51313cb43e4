/** What adapters to other libraries have in common. */
module dev.architect.library.bridge {
    requires transitive dev.architect.core;
    requires java.net.http;

    exports dev.architect.library.bridge;
}
