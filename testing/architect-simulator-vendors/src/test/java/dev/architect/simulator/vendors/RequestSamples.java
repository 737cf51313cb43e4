package dev.architect.simulator.vendors;

import java.util.List;
import java.util.Map;

/** The schemas and the image that the tests send. */
final class RequestSamples {

    /** The properties of the arguments of a tool, and of an answer: a city and a number of days. */
    static final Map<String, Object> PROPERTIES =
            Map.of("city", Map.of("type", "string"), "days", Map.of("type", "integer"));

    static final List<String> REQUIRED = List.of("city", "days");

    /** The whole schema. */
    static final Map<String, Object> WHOLE =
            Map.of("type", "object", "properties", PROPERTIES, "required", REQUIRED, "additionalProperties", false);

    /** An image of one pixel, in Base64. */
    static final String PIXEL =
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

    /** The tokens that the simulator counts for an image. */
    static final long PICTURE_TOKENS = 85;

    /** A prompt of which the simulated models make calls of {@code weather} and {@code tides}. */
    static final String QUESTION = "Ask weather Oslo first, then tides Bergen please.";

    private RequestSamples() {}
}
