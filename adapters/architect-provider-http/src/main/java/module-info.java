/** HTTP, JSON, event streams and error mapping that the provider adapters share. */
module dev.architect.provider.http {
    requires transitive dev.architect.core;
    requires com.fasterxml.jackson.databind;
    requires okhttp3;
}
