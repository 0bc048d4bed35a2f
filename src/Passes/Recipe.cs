using System.Collections.Immutable;
using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace PrivateInference.Passes;

/// <summary>
/// A list of passes in a YAML file that can be committed beside a model:
/// <code>
/// passes:
///   - relu-after-maxpool
///   - partial-activation:
///       ratio: 0.5
///       layers: [relu1, relu2]
/// </code>
/// </summary>
public sealed record Recipe(ImmutableArray<PassRequest> Passes)
{
    /// <exception cref="PassException">The file is missing or is no recipe; the message gives the line.</exception>
    public static Recipe Load(string path)
    {
        try
        {
            return Parse(File.ReadAllText(path));
        }
        catch (PassException e)
        {
            throw new PassException($"{path}: {e.Message}");
        }
        catch (IOException e)
        {
            throw new PassException($"The recipe cannot be read: {e.Message}");
        }
    }

    /// <exception cref="PassException">The text is no recipe; the message gives the line.</exception>
    public static Recipe Parse(string text)
    {
        YamlStream yaml = [];
        try
        {
            using StringReader reader = new(text);
            yaml.Load(reader);
        }
        catch (YamlException e)
        {
            throw new PassException($"line {e.Start.Line}: {e.Message}");
        }

        if (yaml.Documents is not [{ RootNode: YamlMappingNode { Children: { Count: 1 } root } }]
            || !root.TryGetValue(new YamlScalarNode("passes"), out YamlNode? list) || list is not YamlSequenceNode sequence)
            throw new PassException("A recipe is a mapping with one key, 'passes', that holds a list.");
        return new Recipe([.. sequence.Children.Select(ReadPass)]);
    }

    private static PassRequest ReadPass(YamlNode node) => node switch
    {
        YamlScalarNode { Value: { Length: > 0 } name } => PassRequest.Parse(name),
        YamlMappingNode { Children: { Count: 1 } single } when single[0] is { Key: YamlScalarNode { Value: { } name }, Value: YamlMappingNode values }
            => new PassRequest(name, values.Children.ToImmutableDictionary(p => Scalar(p.Key), p => Setting(p.Value), StringComparer.Ordinal)),
        _ => throw Unexpected(node),
    };

    private static string Scalar(YamlNode node) => node is YamlScalarNode { Value: { } value } ? value : throw Unexpected(node);

    /// <summary>A list is what the command line joins by '+'.</summary>
    private static string Setting(YamlNode node) => node is YamlSequenceNode list ? string.Join('+', list.Children.Select(Scalar)) : Scalar(node);

    private static PassException Unexpected(YamlNode node) => new(string.Create(
        CultureInfo.InvariantCulture, $"line {node.Start.Line}: a pass is a name, or a name with a mapping of its parameters."));
}
