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

    /// <summary>The value as a number in a range, its ends included.</summary>
    /// <exception cref="PassException">It is not one.</exception>
    public double Number(PassParameter parameter, double minimum, double maximum)
    {
        string text = Text(parameter);
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value >= minimum && value <= maximum
            ? value
            : throw new PassException(string.Create(CultureInfo.InvariantCulture, $"Parameter '{parameter.Name}' takes a number from {minimum} to {maximum}, not '{text}'."));
    }

    /// <summary>The value as one of some words.</summary>
    /// <exception cref="PassException">It is none of them.</exception>
    public string Choice(PassParameter parameter, params ReadOnlySpan<string> choices)
    {
        string text = Text(parameter);
        return choices.Contains(text) ? text : throw new PassException($"Parameter '{parameter.Name}' is one of {string.Join(", ", choices!)}, not '{text}'.");
    }

    /// <summary>The layers that the user selected by <see cref="LayerSelection.Parameter"/>.</summary>
    /// <exception cref="PassException">The selection has no meaning.</exception>
    public LayerSelection Layers() => LayerSelection.Parse(Text(LayerSelection.Parameter), values.ContainsKey(LayerSelection.Parameter.Name));

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
