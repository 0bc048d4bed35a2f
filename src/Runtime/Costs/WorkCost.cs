using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace PrivateInference.Runtime.Costs;

/// <summary>
/// Computation as a function of public sizes: how often each <see cref="Primitive"/> is executed, and how much of the three
/// usual measures is in that. Protocols state it next to their code, as they state their messages.
/// </summary>
public sealed class WorkCost
{
    public static WorkCost None { get; } = new();

    /// <summary>Encryptions of one block, key schedules apart.</summary>
    [JsonPropertyName("aes_calls")]
    public long AesCalls { get; init; }

    /// <summary>Number-theoretic transforms of one polynomial modulo one prime, either way.</summary>
    [JsonPropertyName("ntts")]
    public long Transforms { get; init; }

    /// <summary>Multiplications of residues modulo a prime of 36 bits, those inside transforms apart.</summary>
    [JsonPropertyName("ring_multiplications")]
    public long RingMultiplications { get; init; }

    /// <summary>How often each primitive is executed; those that are not do not appear.</summary>
    [JsonPropertyName("units")]
    [JsonConverter(typeof(PrimitiveTableConverter<long>))]
    public ImmutableSortedDictionary<Primitive, long> Units { get; init; } = ImmutableSortedDictionary<Primitive, long>.Empty;

    [JsonIgnore]
    public bool IsNone => Units.IsEmpty;

    /// <summary>So many units of one primitive.</summary>
    public static WorkCost Of(Primitive primitive, long count) => count == 0 ? None : new WorkCost { Units = None.Units.Add(primitive, count) };

    /// <summary>Blocks of an AES stream.</summary>
    public static WorkCost Stream(long blocks) => new() { AesCalls = blocks, Units = Of(Primitive.StreamedBlock, blocks).Units };

    public static WorkCost operator +(WorkCost left, WorkCost right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        ImmutableSortedDictionary<Primitive, long>.Builder units = left.Units.ToBuilder();
        foreach ((Primitive primitive, long count) in right.Units)
            units[primitive] = units.GetValueOrDefault(primitive) + count;
        return new WorkCost
        {
            AesCalls = left.AesCalls + right.AesCalls,
            Transforms = left.Transforms + right.Transforms,
            RingMultiplications = left.RingMultiplications + right.RingMultiplications,
            Units = units.ToImmutable(),
        };
    }

    public static WorkCost Add(WorkCost left, WorkCost right) => left + right;
}
