/** Speaks the wire format of Claude. */
module dev.architect.provider.claude {
    requires transitive dev.architect.core;
    requires dev.architect.provider.http;
}
