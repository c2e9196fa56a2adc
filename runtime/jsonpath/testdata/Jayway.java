// Answers paths as Jayway JsonPath does: the first line of the input is an array of documents, each other line the number of
// a document, a tab and a path in JSON; each line of the output is what oracle_test.go reads.

import com.jayway.jsonpath.Configuration;
import com.jayway.jsonpath.JsonPath;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.minidev.json.JSONObject;
import net.minidev.json.JSONStyle;
import net.minidev.json.JSONValue;

public class Jayway {
  public static void main(String[] arguments) throws Exception {
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, "UTF-8"));
    PrintStream out = new PrintStream(System.out, false, "UTF-8");
    List<?> documents = (List<?>) plain(JsonPath.parse(in.readLine()).json());
    for (String line; (line = in.readLine()) != null; ) {
      int tab = line.indexOf('\t');
      Object document = documents.get(Integer.parseInt(line.substring(0, tab)));
      out.println(answer(document, (String) JSONValue.parse(line.substring(tab + 1))));
    }
    out.flush();
  }

  // The lists of the JSON library show themselves as JSON, those of Java as they stand in AWS's messages.
  static Object plain(Object node) {
    if (node instanceof List) {
      List<Object> list = new ArrayList<>();
      for (Object element : (List<?>) node) list.add(plain(element));
      return list;
    }
    if (node instanceof Map) {
      Map<Object, Object> map = new LinkedHashMap<>();
      for (Map.Entry<?, ?> entry : ((Map<?, ?>) node).entrySet()) map.put(entry.getKey(), plain(entry.getValue()));
      return map;
    }
    return node;
  }

  static String answer(Object document, String text) {
    JSONObject answer = new JSONObject();
    try {
      JsonPath path = JsonPath.compile(text);
      answer.put("definite", path.isDefinite());
      try {
        answer.put("value", path.read(document, Configuration.defaultConfiguration()));
      } catch (RuntimeException e) {
        answer.put("error", e.getClass().getSimpleName() + ": " + e.getMessage());
      }
    } catch (RuntimeException e) {
      answer.put("compileError", e.toString());
    }
    return answer.toJSONString(JSONStyle.NO_COMPRESS);
  }
}
