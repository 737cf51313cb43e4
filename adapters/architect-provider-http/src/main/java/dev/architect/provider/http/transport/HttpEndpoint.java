package dev.architect.provider.http.transport;

import java.net.URI;
import java.util.Map;

/**
 * Where requests go and what each of them carries.
 *
 * @param provider the provider's name in model ids
 * @param baseUrl what the paths of requests follow
 * @param headers headers of every request, by name
 * @param apiKey the header that carries the key
 */
public record HttpEndpoint(String provider, URI baseUrl, Map<String, String> headers, ApiKeyHeader apiKey) {

    /** Copies the headers. */
    public HttpEndpoint {
        headers = Map.copyOf(headers);
    }
}
