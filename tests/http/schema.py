"""Replies held against the OpenAPI description that the server itself publishes."""
import re

DATE_TIME = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$")
DATE = re.compile(r"^\d{4}-\d\d-\d\d$")
TYPES = {"object": dict, "array": list, "string": str, "integer": int, "number": (int, float), "boolean": bool, "null": type(None)}


def is_type(value, name):
    return isinstance(value, TYPES[name]) and (name == "boolean" or not isinstance(value, bool))


class Api:
    """faults(…) is empty for an answer that is as described."""

    def __init__(self, description):
        self.d = description
        self.seen = set()
        self.routes = []
        for path, methods in description["paths"].items():
            pattern = re.compile("^" + re.sub(r"\\{[^}]*\\}", "[^/]+", re.escape(path)) + "$")
            self.routes.append((path.count("{"), pattern, path, methods))
        self.routes.sort(key=lambda r: (r[0], -len(r[2])))

    def operation(self, method, path):
        path = re.sub(r"^/api/v1", "", path.split("?")[0])
        path = re.sub(r"\.json$", "", path)
        for _, pattern, template, methods in self.routes:
            if pattern.match(path) and method.lower() in methods:
                return template, methods[method.lower()]
        return None, None

    def resolve(self, schema):
        while "$ref" in schema:
            at = self.d
            for part in schema["$ref"].split("/")[1:]:
                at = at[part]
            schema = at
        return schema

    def faults(self, method, path, answer):
        kind = answer.head("Content-Type").split(";")[0]
        if not kind.endswith("json"):
            return []
        if kind == "application/problem+json":
            return self.problem(answer)
        template, operation = self.operation(method, path)
        if not operation:
            return [f"{method} {path} is not described"]
        self.seen.add((method, template))
        found = operation["responses"].get(str(answer.status)) or operation["responses"].get(f"{answer.status // 100}XX")
        if not found:
            return [f"{method} {template}: status {answer.status} is not described"]
        content = self.resolve(found).get("content", {}).get("application/json")
        if not content:
            return [f"{method} {template}: JSON is not described for status {answer.status}"]
        return self.check(content["schema"], answer.json(), template)

    def problem(self, answer):
        body = answer.json()
        out = self.check({"$ref": "#/components/schemas/Problem"}, body, "problem")
        if body.get("status") != answer.status:
            out.append(f"problem.status {body.get('status')} in an answer of {answer.status}")
        if not body.get("detail") or re.search(r"\{[1-4]\}", answer.text):
            out.append(f"problem.detail: {body.get('detail')!r}")
        return out

    def check(self, schema, value, at):
        schema = self.resolve(schema)
        if "oneOf" in schema:
            fits = [self.check(s, value, at) for s in schema["oneOf"]]
            return [] if sum(not f for f in fits) == 1 else min(fits, key=len) or [f"{at}: fits several"]
        kinds = schema.get("type", [])
        kinds = [kinds] if isinstance(kinds, str) else kinds
        if kinds and not any(is_type(value, k) for k in kinds):
            return [f"{at}: {value!r} is not {'/'.join(kinds)}"]
        if "enum" in schema and value not in schema["enum"]:
            return [f"{at}: {value!r} is none of {schema['enum']}"]
        if isinstance(value, dict):
            return self.members(schema, value, at)
        if isinstance(value, list):
            return [f for i, v in enumerate(value) for f in self.check(schema.get("items", {}), v, f"{at}[{i}]")]
        if isinstance(value, str):
            return self.text(schema, value, at)
        return []

    def members(self, schema, value, at):
        known = schema.get("properties")
        out = [f"{at}.{k} is missing" for k in schema.get("required", []) if k not in value]
        if known is None:
            return out
        for k, v in value.items():
            if k in known:
                out += self.check(known[k], v, f"{at}.{k}")
            else:
                out.append(f"{at}.{k} is not described")
        return out

    def text(self, schema, value, at):
        out = []
        if schema.get("format") == "date-time" and not DATE_TIME.match(value):
            out.append(f"{at}: {value!r} is not an instant")
        if schema.get("format") == "date" and not DATE.match(value):
            out.append(f"{at}: {value!r} is not a date")
        if "pattern" in schema and not re.search(schema["pattern"], value):
            out.append(f"{at}: {value!r} does not match {schema['pattern']}")
        return out
