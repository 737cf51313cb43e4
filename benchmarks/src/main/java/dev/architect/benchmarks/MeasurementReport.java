package dev.architect.benchmarks;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The result of one measurement, which {@code --json FILE} keeps. Every measurement has this form.
 *
 * @param name the name that {@code benchmarks/run} knows the measurement by
 * @param machine what the figures depend on besides the code, from {@link HostInfo}
 * @param options the options that were in force, defaults included
 * @param rows the figures; the name of a field ends with its unit
 * @param ratios what to quote: for each name a number, or the median, minimum and maximum of several
 */
@JsonPropertyOrder({"name", "machine", "options", "rows", "ratios"})
public record MeasurementReport(
        String name,
        Map<String, Object> machine,
        Map<String, Object> options,
        List<Map<String, Object>> rows,
        Map<String, Object> ratios) {

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /** Writes the report as one JSON object, over what the file held. */
    void write(Path file) throws IOException {
        JSON.writeValue(file.toFile(), this);
    }
}
