/** Implements the wire format of Claude. */
module dev.architect.provider.claude {
    requires transitive dev.architect.core;
    requires transitive dev.architect.provider.http;

    exports dev.architect.provider.claude;

    provides dev.architect.spi.ModelProviderFactory with
            dev.architect.provider.claude.ClaudeProviderFactory;
}
