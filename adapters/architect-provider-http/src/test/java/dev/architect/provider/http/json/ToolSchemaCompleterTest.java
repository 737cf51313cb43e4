package dev.architect.provider.http.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ToolSchemaCompleterTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {}                                        | {"type":"object","properties":{}}
            {"type":"object"}                         | {"type":"object","properties":{}}
            {"type":null}                             | {"type":"object","properties":{}}
            {"type":["null","object"]}                | {"type":"object","properties":{}}
            {"type":"object","properties":[]}         | {"type":"object","properties":{}}
            {"type":"object","required":null}         | {"type":"object","properties":{}}
            {"type":"object","required":[]}           | {"type":"object","required":[],"properties":{}}
            {"additionalProperties":false}            | {"additionalProperties":false,"type":"object","properties":{}}
            {"additionalProperties":{"type":"array"}} | {"additionalProperties":{"type":"array","items":{}},"type":"object","properties":{}}
            {"type":"string"}                         | {"type":"string"}
            {"$ref":"#/$defs/A","$defs":{"A":{"type":"object"}}} | {"$defs":{"A":{"type":"object","properties":{}}},"type":"object","properties":{}}
            {"$ref":"#/$defs/B","$defs":{"A":{}}}     | {"$ref":"#/$defs/B","$defs":{"A":{}},"type":"object","properties":{}}
            """)
    void completesTheRoot(String schema, String complete) throws Exception {
        assertThat(ToolSchemaCompleter.complete((ObjectNode) JSON.readTree(schema)))
                .isEqualTo(JSON.readTree(complete));
    }

    @Test
    void completesWhatIsInside() throws Exception {
        String schema = """
                {"type":"object","properties":{"a":{"type":"array","items":{"type":"object"}},
                 "b":{"oneOf":[{"type":["array","null"]},{"type":"string"}]},"c":true,"d":{"type":"array","items":[{"type":"object"}]}}}""";

        assertThat(ToolSchemaCompleter.complete((ObjectNode) JSON.readTree(schema)))
                .isEqualTo(JSON.readTree("""
                {"type":"object","properties":{"a":{"type":"array","items":{"type":"object","properties":{}}},
                 "b":{"oneOf":[{"type":["array","null"],"items":{}},{"type":"string"}]},"c":true,
                 "d":{"type":"array","items":[{"type":"object"}]}}}"""));
    }

    /** A property may be named as a keyword, and a default is no schema. */
    @Test
    void leavesDataAlone() throws Exception {
        String schema = """
                {"type":"object","properties":{"items":{"type":"string"},"anyOf":{"type":"integer"},"type":{"enum":["array"]}},
                 "default":{"type":"object"},"examples":[{"type":"array"}],"required":["type"]}""";
        ObjectNode original = (ObjectNode) JSON.readTree(schema);

        assertThat(ToolSchemaCompleter.complete(original)).isEqualTo(JSON.readTree(schema));
        assertThat(original).isEqualTo(JSON.readTree(schema));
    }
}
