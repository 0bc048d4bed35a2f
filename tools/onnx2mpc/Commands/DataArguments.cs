using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using PrivateInference.Frontend.Data;

namespace PrivateInference.CommandLine.Commands;

/// <summary>The options of every command that reads samples: how they become what the model takes.</summary>
internal sealed class DataArguments
{
    private const string Keep = "off", Raw = "raw", Unit = "unit";

    private readonly Option<string> _resize = new("--resize")
    {
        Description = "Images of another size than the model's: 'pad' (centre; black borders, or crop), 'nearest' or 'bilinear'; 'off' refuses them.",
        HelpName = "HOW",
        DefaultValueFactory = _ => Keep,
    };

    private readonly Option<string?> _layout = new("--layout")
    {
        Description = "Where the model takes the channels: 'nchw' or 'nhwc'. Default: as the shape of its input tells.",
        HelpName = "NAME",
    };

    private readonly Option<string?> _pixels = new("--pixels")
    {
        Description = "'unit' divides pixels by 255, 'raw' keeps 0 to 255. Default: images unit, arrays (.npy, .pb) as they are.",
        HelpName = "NAME",
    };

    private readonly Option<string?> _mean = new("--mean") { Description = "Then subtract this; one number, or one a channel.", HelpName = "M[,M,M]" };
    private readonly Option<string?> _deviation = new("--std") { Description = "Then divide by this; one number, or one a channel.", HelpName = "S[,S,S]" };

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _resize, _layout, _pixels, _mean, _deviation })
            command.Options.Add(option);
    }

    /// <exception cref="UsageException">An option has a value without meaning.</exception>
    public DataOptions Read(ParseResult parsed) => new()
    {
        Fit = parsed.GetValue(_resize) switch
        {
            Keep => ImageFit.Refuse,
            "pad" => ImageFit.Pad,
            "nearest" => ImageFit.Nearest,
            "bilinear" => ImageFit.Bilinear,
            string other => throw Unknown("--resize", other, "off, pad, nearest and bilinear"),
            null => ImageFit.Refuse,
        },
        Layout = parsed.GetValue(_layout) switch
        {
            null => null,
            "nchw" => ChannelLayout.First,
            "nhwc" => ChannelLayout.Last,
            string other => throw Unknown("--layout", other, "nchw and nhwc"),
        },
        Scaling = Scaling(parsed.GetValue(_pixels), Numbers(parsed, _mean), Numbers(parsed, _deviation)),
    };

    private static PixelScaling? Scaling(string? pixels, ImmutableArray<float> mean, ImmutableArray<float> deviation)
    {
        if (pixels is null && mean.Length + deviation.Length == 0)
            return null;
        PixelScaling scaling = pixels switch
        {
            null or Unit => PixelScaling.Unit,
            Raw => PixelScaling.Raw,
            _ => throw Unknown("--pixels", pixels, $"{Unit} and {Raw}"),
        };
        return scaling with { Mean = mean, Deviation = deviation };
    }

    private static ImmutableArray<float> Numbers(ParseResult parsed, Option<string?> option)
    {
        if (parsed.GetValue(option) is not { } text)
            return [];
        string[] parts = text.Split(',');
        ImmutableArray<float> numbers = [.. parts.Select(p => float.TryParse(p, NumberStyles.Float, CultureInfo.InvariantCulture, out float number) ? number : float.NaN)];
        return numbers.All(float.IsFinite) ? numbers : throw new UsageException($"{option.Name} takes numbers with commas between them, not '{text}'.");
    }

    private static UsageException Unknown(string option, string value, string known) => new($"{option} knows no '{value}'; there are {known}.");
}
