package dev.architect.simulator.json;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The values that are made from schemas. */
class SchemaInstanceGeneratorTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'type':'string'} | 'Rome'",
                "{'type':'integer'} | 7",
                "{'type':'number','minimum':8} | 8",
                "{'type':'integer','exclusiveMaximum':5} | 4",
                "{'type':'BOOLEAN'} | true",
                "{'type':'null'} | null",
                "{'enum':['b','a']} | 'b'",
                "{'const':3} | 3",
                "{'type':['null','integer']} | 7",
                "{'anyOf':[{'type':'integer'},{'type':'string'}]} | 7",
                "{'type':'array','items':{'type':'string'},'minItems':3} | ['Rome','2026-01','value']",
                "{'type':'object','properties':{'a':{'type':'integer'}}} | {}",
                "{'type':'object','properties':{'a':{'type':'object','properties':{'b':{'type':'string'}},'required':['b']}},'required':['a']} | {'a':{'b':'Rome'}}",
                "{'$ref':'#/$defs/x','$defs':{'x':{'type':'boolean'}}} | true",
                "{'type':'string','minLength':6} | 'Romexx'",
                "{'type':'string','maxLength':2} | 'Ro'",
                "{'type':'string','format':'date'} | '2026-01-15'",
            })
    void generatesWhatTheSchemaRequires(String schema, String expected) throws Exception {
        assertThat(new SchemaInstanceGenerator(SimulatorJson.MAPPER.readTree(quoted(schema)), ": \"Rome\", (2026-01).")
                        .generate())
                .hasToString(quoted(expected));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'$ref':'#'}",
                "{'type':'object','properties':{'a':{'$ref':'#'}},'required':['a']}",
            })
    void endsWhereASchemaRefersToItself(String schema) throws Exception {
        String made = new SchemaInstanceGenerator(SimulatorJson.MAPPER.readTree(quoted(schema)), "")
                .generate()
                .toString();
        assertThat(made).contains("null").hasSizeLessThan(500);
    }

    private static String quoted(String json) {
        return json.replace('\'', '"');
    }
}
