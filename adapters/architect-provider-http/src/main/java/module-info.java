/** HTTP, JSON, event streams and error mapping that the provider adapters share. */
module dev.architect.provider.http {
    requires transitive com.fasterxml.jackson.databind;
    requires transitive dev.architect.core;
    requires okhttp3;
    requires okio;
    requires org.slf4j;

    exports dev.architect.provider.http;
    exports dev.architect.provider.http.message;
    exports dev.architect.provider.http.reading;
}
