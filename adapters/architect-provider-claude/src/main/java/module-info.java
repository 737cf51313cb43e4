/** Speaks the wire format of Claude. */
module dev.architect.provider.claude {
    requires dev.architect.provider.http;
}
