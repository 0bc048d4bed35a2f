using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace PrivateInference.Runtime.Costs;

/// <summary>A table by <see cref="Primitive"/> as a JSON object whose names are in snake case.</summary>
internal sealed class PrimitiveTableConverter<T> : JsonConverter<ImmutableSortedDictionary<Primitive, T>>
{
    private static readonly ImmutableDictionary<string, Primitive> s_primitives = Enum.GetValues<Primitive>().ToImmutableDictionary(Name, StringComparer.Ordinal);

    /// <summary>The primitive's name in files.</summary>
    public static string Name(Primitive primitive) => JsonNamingPolicy.SnakeCaseLower.ConvertName(primitive.ToString());

    public override ImmutableSortedDictionary<Primitive, T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        ImmutableSortedDictionary<Primitive, T>.Builder table = ImmutableSortedDictionary.CreateBuilder<Primitive, T>();
        Dictionary<string, T> entries = JsonSerializer.Deserialize<Dictionary<string, T>>(ref reader) ?? [];
        foreach ((string name, T value) in entries)
            table[s_primitives.TryGetValue(name, out Primitive primitive) ? primitive : throw new JsonException($"'{name}' is no primitive.")] = value;
        return table.ToImmutable();
    }

    public override void Write(Utf8JsonWriter writer, ImmutableSortedDictionary<Primitive, T> value, JsonSerializerOptions options)
        => JsonSerializer.Serialize(writer, value.Select(e => KeyValuePair.Create(Name(e.Key), e.Value)).ToDictionary(), options);
}
