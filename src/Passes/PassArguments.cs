using System.Collections.Immutable;
using System.Globalization;

namespace PrivateInference.Passes;

/// <summary>The values given for a pass's parameters, as text; a parameter that is not given has its default.</summary>
public sealed class PassArguments(IReadOnlyDictionary<string, string> values)
{
    public static PassArguments None { get; } = new(ImmutableDictionary<string, string>.Empty);

    /// <summary>The names that were given.</summary>
    public IEnumerable<string> Names => values.Keys;

    public string Text(PassParameter parameter) => values.GetValueOrDefault(parameter.Name, parameter.Default);

    /// <summary>The value as an integer of at least <paramref name="minimum"/>.</summary>
    /// <exception cref="PassException">It is not one.</exception>
    public int Integer(PassParameter parameter, int minimum = int.MinValue)
    {
        string text = Text(parameter);
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) && value >= minimum)
            return value;
        string range = minimum == int.MinValue ? "an integer" : $"an integer of at least {minimum}";
        throw new PassException($"Parameter '{parameter.Name}' takes {range}, not '{text}'.");
    }
}
