// Holds questions, and our own table of GitHub's schema, against the schema that GitHub publishes.
// usage: node graphql.mjs <table> <question>…   prints what is wrong, a line each
import { readFileSync } from "node:fs";
import { schema } from "@octokit/graphql-schema";
import { buildSchema, getNamedType, isAbstractType, isEnumType, isScalarType, parse, validate } from "graphql";

const [table, ...questions] = process.argv.slice(2);
// Now and then the published text has a field twice, which is no matter here.
const real = buildSchema(schema.idl, { assumeValidSDL: true });
const text = (path) => readFileSync(path, "utf8");
for (const path of questions) {
  for (const error of validate(real, parse(text(path)))) console.log(`${path}: ${error.message}`);
}
for (const line of text(table).split("\n").filter((it) => it)) {
  const [head, fields] = line.split(":");
  const [name, of = ""] = head.split("=").map((it) => it.trim());
  const type = real.getType(name);
  if (!type) {
    console.log(`${name} is no type`);
    continue;
  }
  const possible = isAbstractType(type) ? real.getPossibleTypes(type).map((it) => it.name) : [];
  for (const it of of.split(" ").filter((it) => it && !possible.includes(it))) console.log(`${it} is no ${name}`);
  for (const it of fields.split(" ").filter((it) => it)) {
    const [, field, sign, target] = it.match(/^(\w+)([>*]?)(\w*)$/);
    const found = type.getFields?.()[field];
    const told = found && getNamedType(found.type);
    const leaf = told && (isScalarType(told) || isEnumType(told));
    const right =
      told &&
      (sign === "" ? leaf : sign === ">" ? told.name === target : getNamedType(told.getFields().nodes.type).name === target);
    if (!right) console.log(`${name}.${it} is not so: ${found ? found.type : "there is no such field"}`);
  }
}
